/** What the spool takes and gives, beside another store on the same disk. */
@NullMarked
package io.snaprail.benchmarks.spool;

import org.jspecify.annotations.NullMarked;
