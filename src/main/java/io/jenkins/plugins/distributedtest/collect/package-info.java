/** Bringing back what tests leave in listeners' workspaces: coverage data, screenshots. */
@NullMarked
package io.jenkins.plugins.distributedtest.collect;

import org.jspecify.annotations.NullMarked;
