/** Accounts, access tokens, the secret store and the audit log, as services. */
@NullMarked
package io.snaprail.security;

import org.jspecify.annotations.NullMarked;
