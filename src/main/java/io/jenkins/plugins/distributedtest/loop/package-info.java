/** The event loop, backing off, threads and pools. */
@NullMarked
package io.jenkins.plugins.distributedtest.loop;

import org.jspecify.annotations.NullMarked;
