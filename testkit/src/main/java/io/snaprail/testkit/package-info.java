/**
 * For the authors of drivers: the contract suite that every driver passes, a sink that remembers, a
 * clock that is moved by hand.
 */
@NullMarked
package io.snaprail.testkit;

import org.jspecify.annotations.NullMarked;
