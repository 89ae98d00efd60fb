/** Certificates, trust, and what goes wrong with them. */
@NullMarked
package io.jenkins.plugins.distributedtest.tls;

import org.jspecify.annotations.NullMarked;
