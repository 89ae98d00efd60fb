package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.distributedtest.collect.CollectSink;
import io.jenkins.plugins.distributedtest.collect.CollectedFile;
import io.jenkins.plugins.distributedtest.collect.CollectedTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jenkins.MasterToSlaveFileCallable;

/**
 * What is done about collected files where the workspace is, each in one call over the agent's channel. Only plain types
 * travel, and nothing is written outside of the workspace.
 */
final class AgentCollect {
    private AgentCollect() {}

    /** One thing to do with the directory of collected files. */
    abstract static class Call extends MasterToSlaveFileCallable<String[]> {
        private static final long serialVersionUID = 1L;

        private final String directory;

        /** @param directory where files go, as the agent names it */
        Call(String directory) {
            this.directory = directory;
        }

        @Override
        public String[] invoke(File workspace, VirtualChannel channel) throws IOException {
            return on(new CollectedTree(workspace.toPath(), Path.of(directory)));
        }

        abstract String[] on(CollectSink sink) throws IOException;
    }

    /** The run begins. */
    static final class Begin extends Call {
        private static final long serialVersionUID = 1L;

        Begin(String directory) {
            super(directory);
        }

        @Override
        String[] on(CollectSink sink) throws IOException {
            sink.begin();
            return new String[0];
        }
    }

    /** Tells which contents are not there. */
    static final class Lacking extends Call {
        private static final long serialVersionUID = 1L;

        private final String[] digests;

        Lacking(String directory, List<String> digests) {
            super(directory);
            this.digests = digests.toArray(new String[0]);
        }

        @Override
        String[] on(CollectSink sink) throws IOException {
            return sink.lacking(Arrays.asList(digests)).toArray(new String[0]);
        }
    }

    /** Takes a piece; gives a word if it is not what its digest says. */
    static final class Write extends Call {
        private static final long serialVersionUID = 1L;

        private final String digest;
        private final long offset;
        private final long total;
        private final byte[] data;

        Write(String directory, String digest, long offset, long total, byte[] data) {
            super(directory);
            this.digest = digest;
            this.offset = offset;
            this.total = total;
            this.data = data;
        }

        @Override
        String[] on(CollectSink sink) throws IOException {
            return sink.write(digest, offset, total, data) ? new String[0] : new String[] {"damaged"};
        }
    }

    /** Makes files. */
    static final class Place extends Call {
        private static final long serialVersionUID = 1L;

        private final String below;
        private final String[] paths;
        private final long[] sizes;
        private final String[] digests;

        Place(String directory, String below, List<CollectedFile> files) {
            super(directory);
            this.below = below;
            paths = files.stream().map(CollectedFile::path).toArray(String[]::new);
            sizes = files.stream().mapToLong(CollectedFile::size).toArray();
            digests = files.stream().map(CollectedFile::digest).toArray(String[]::new);
        }

        @Override
        String[] on(CollectSink sink) throws IOException {
            sink.place(
                    below,
                    IntStream.range(0, paths.length)
                            .mapToObj(i -> new CollectedFile(paths[i], sizes[i], digests[i]))
                            .toList());
            return new String[0];
        }
    }

    /** The run is over. */
    static final class End extends Call {
        private static final long serialVersionUID = 1L;

        End(String directory) {
            super(directory);
        }

        @Override
        String[] on(CollectSink sink) throws IOException {
            sink.end();
            return new String[0];
        }
    }
}
