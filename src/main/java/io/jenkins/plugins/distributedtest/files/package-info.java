/** Trees, locks, digests, files for their owner alone, atomic writes, JSON, and the glob: one dialect everywhere. */
@NullMarked
package io.jenkins.plugins.distributedtest.files;

import org.jspecify.annotations.NullMarked;
