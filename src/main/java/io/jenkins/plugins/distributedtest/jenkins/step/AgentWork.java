package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.session.LocalCallbacks;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.sync.OfferingHost;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.sync.SourceOffers;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import jenkins.MasterToSlaveFileCallable;

/**
 * What is done where the workspace is, each in one call over the agent's channel. Only plain types travel back: texts,
 * numbers, bytes.
 */
final class AgentWork {
    private AgentWork() {}

    /** Reads the project: its configuration, with what the step says, and the suite. */
    static final class ReadProject extends MasterToSlaveFileCallable<byte[]> {
        private static final long serialVersionUID = 1L;

        private final ProjectRequest request;

        ReadProject(ProjectRequest request) {
            this.request = request;
        }

        @Override
        public byte[] invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
            try {
                return RemoteProject.read(workspace.toPath(), request).toJson();
            } catch (ConfigException | SuiteException | RunnerException e) {
                throw new AbortException(e.getMessage());
            }
        }
    }

    /**
     * What came of preparing sources.
     *
     * <p>A map with {@code bytes}, or with {@code kind}, {@code message} and {@code output} of a {@link SyncException}.
     */
    private abstract static class Sources extends MasterToSlaveFileCallable<HashMap<String, Object>> {
        private static final long serialVersionUID = 1L;

        abstract byte[] prepare(Path workspace) throws SyncException, InterruptedException, IOException;

        @Override
        public HashMap<String, Object> invoke(File workspace, VirtualChannel channel)
                throws IOException, InterruptedException {
            HashMap<String, Object> answer = new HashMap<>();
            try {
                answer.put("bytes", prepare(workspace.toPath()));
            } catch (SyncException e) {
                answer.put("kind", e.kind().name());
                answer.put("message", e.getMessage());
                answer.put("output", e.output());
            }
            return answer;
        }
    }

    /**
     * What an answer of {@link TakeManifest} or {@link OfferSources} holds.
     *
     * @throws SyncException if the sources could not be prepared
     */
    static byte[] bytes(Map<String, Object> answer) throws SyncException {
        if (answer.get("bytes") instanceof byte[] bytes) {
            return bytes;
        }
        String kind = String.valueOf(answer.get("kind"));
        throw new SyncException(
                Arrays.stream(SyncException.Kind.values())
                        .filter(each -> each.name().equals(kind))
                        .findFirst()
                        .orElse(SyncException.Kind.FAILED),
                String.valueOf(answer.get("message")),
                String.valueOf(answer.get("output")),
                List.of(),
                null);
    }

    /** Takes the manifest of the workspace: each file's digest. */
    static final class TakeManifest extends Sources {
        private static final long serialVersionUID = 1L;

        private final byte[] settings;

        TakeManifest(byte[] settings) {
            this.settings = settings;
        }

        @Override
        byte[] prepare(Path workspace) throws SyncException, InterruptedException, IOException {
            return SourceOffers.manifest(
                    workspace,
                    RunSettings.fromJson(settings).sync().exclude(),
                    OfferingHost.local(Map.of()).cacheDirectory());
        }
    }

    /** Runs rsync or git, or looks at the shared disk; gives what listeners are to be told. */
    static final class OfferSources extends Sources {
        private static final long serialVersionUID = 1L;

        private final byte[] settings;
        private final String runId;
        private final TreeMap<String, String> environment;

        OfferSources(byte[] settings, String runId, Map<String, String> environment) {
            this.settings = settings;
            this.runId = runId;
            this.environment = new TreeMap<>(environment);
        }

        @Override
        byte[] prepare(Path workspace) throws SyncException, InterruptedException, IOException {
            Sync sync = RunSettings.fromJson(settings).sync();
            // These kinds have no part in the broker, and so none on a loop.
            SourceOffer offer = SourceOffers.create(null, runId, workspace, sync, OfferingHost.local(environment));
            offer.prepare();
            return Json.PLAIN.writeValueAsBytes(WireCodec.tree(offer.spec()));
        }
    }

    /** Reads pieces of files of the workspace. */
    static final class ReadPieces extends MasterToSlaveFileCallable<byte[][]> {
        private static final long serialVersionUID = 1L;

        private final String[] paths;
        private final long[] offsets;
        private final int[] lengths;

        ReadPieces(List<RemoteBlobs.Piece> pieces) {
            paths = pieces.stream().map(RemoteBlobs.Piece::path).toArray(String[]::new);
            offsets = pieces.stream().mapToLong(RemoteBlobs.Piece::offset).toArray();
            lengths = pieces.stream().mapToInt(RemoteBlobs.Piece::length).toArray();
        }

        @Override
        public byte[][] invoke(File workspace, VirtualChannel channel) {
            List<RemoteBlobs.Piece> pieces = IntStream.range(0, paths.length)
                    .mapToObj(i -> new RemoteBlobs.Piece(paths[i], offsets[i], lengths[i]))
                    .toList();
            return WorkspacePieces.read(workspace.toPath(), pieces);
        }
    }

    /**
     * Gives a file its name. Whatever a test or a callback has left there is replaced and never opened: a pipe would hold
     * the build, a link lead out of the workspace.
     */
    static final class PutInPlace extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1L;

        private final String target;

        /** @param target the absolute path, in the directory of the file */
        PutInPlace(String target) {
            this.target = target;
        }

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException {
            Path place = Path.of(target);
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("Cannot write " + place + ": it is a directory");
            }
            Files.move(file.toPath(), place, StandardCopyOption.REPLACE_EXISTING);
            return null;
        }
    }

    /** Runs one of the project's callbacks; gives the text that it returned, if any. */
    static final class RunCallback extends MasterToSlaveFileCallable<String> {
        private static final long serialVersionUID = 1L;

        private final byte[] settings;
        private final String name;
        private final TreeMap<String, String> environment;

        RunCallback(byte[] settings, String name, Map<String, String> environment) {
            this.settings = settings;
            this.name = name;
            this.environment = new TreeMap<>(environment);
        }

        @Override
        public String invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
            try {
                return LocalCallbacks.of(RunSettings.fromJson(settings), workspace.toPath(), environment)
                        .run(name);
            } catch (CallbackException e) {
                throw new AbortException(LocalCallbacks.told(e));
            }
        }
    }
}
