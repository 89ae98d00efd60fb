/** Code of a project at seven moments of a run. */
@NullMarked
package io.jenkins.plugins.distributedtest.callback;

import org.jspecify.annotations.NullMarked;
