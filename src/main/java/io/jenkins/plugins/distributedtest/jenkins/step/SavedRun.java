package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.originator.RunSnapshot;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What a build's directory keeps of a run that goes on, so that it can be taken up after a restart of the controller
 * without the machine where the workspace is: its <em>plan</em>, written once before it starts; its sources (what
 * listeners were told, and for content the <em>manifest</em>), written once when they are prepared; and its
 * <em>snapshot</em>, written again and again. Removed when the run has ended.
 *
 * <p>There is no secret in any of them, except that the plan has, as Jenkins encrypts secrets, a broker which the project
 * itself names, password included ({@link Plan#broker}), and the key of the secret variables ({@link Plan#key}), which
 * the settings have sealed.
 */
final class SavedRun {
    /** Longer manifests are refused when they are made, too. */
    private static final int MAX_MANIFEST = 64 << 20;

    private final Path plan;
    private final Path sources;
    private final Path manifest;
    private final Path snapshot;
    private final Path published;

    /**
     * What a run was made from.
     *
     * @param runId the run
     * @param brokerName the name of the broker in Jenkins' configuration; null for the default one, or if the project
     *     names its own
     * @param broker the URI of the broker that the project names, encrypted by Jenkins; null if Jenkins knows it
     * @param key the text of the key of the run's secret variables, encrypted by Jenkins; null if it has none
     * @param settings as {@link RunSettings#toJson} writes them
     * @param title the run's title
     * @param directory the workspace
     * @param junit where to write JUnit XML in the workspace; null for nowhere
     * @param html where to write the page; null for nowhere
     * @param json where to write everything; null for nowhere
     * @param commit the commit that is tested; empty if it is not known
     * @param sources what stands for the very sources that are tested; empty if it is not known
     */
    record Plan(
            String runId,
            String brokerName,
            String broker,
            String key,
            byte[] settings,
            String title,
            String directory,
            String junit,
            String html,
            String json,
            String commit,
            String sources) {
        Plan {
            // Not known to earlier versions of the plugin.
            commit = Objects.requireNonNullElse(commit, "");
            sources = Objects.requireNonNullElse(sources, "");
        }

        /**
         * The run's settings.
         *
         * @throws IOException if they cannot be read, as after an update of the plugin that writes them in another form
         */
        RunSettings runSettings() throws IOException {
            try {
                return RunSettings.fromJson(settings);
            } catch (WireException e) {
                throw unreadable(e);
            }
        }
    }

    /**
     * @param directory where the files go
     * @param stateId names the step whose run it is
     */
    SavedRun(Path directory, String stateId) {
        plan = directory.resolve(stateId + ".plan");
        sources = directory.resolve(stateId + ".sources");
        manifest = directory.resolve(stateId + ".manifest.gz");
        snapshot = directory.resolve(stateId + ".snapshot");
        published = directory.resolve(stateId + ".published");
    }

    void writePlan(Plan made) throws IOException {
        Files.createDirectories(plan.getParent());
        write(plan, Json.PLAIN.writeValueAsBytes(made));
    }

    void writeSources(SyncSpec spec) throws IOException {
        write(sources, Json.PLAIN.writeValueAsBytes(WireCodec.tree(spec)));
    }

    void writeManifest(byte[] text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text);
        }
        write(manifest, packed.toByteArray());
    }

    void writeSnapshot(RunSnapshot taken) throws IOException {
        write(snapshot, taken.toJson());
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        AtomicFile.write(file, out -> out.write(bytes));
    }

    /** Whether the manifest is kept. */
    boolean hasManifest() {
        return Files.exists(manifest);
    }

    /** Whether there is a run to take up: one whose files were published. */
    boolean canBeTakenUp() {
        return Files.exists(plan) && Files.exists(snapshot) && (Files.exists(sources) || Files.exists(manifest));
    }

    /**
     * The plan.
     *
     * @throws IOException if it is not there, or is none
     */
    Plan plan() throws IOException {
        byte[] bytes = Files.readAllBytes(plan);
        try {
            return Json.PLAIN.readValue(bytes, Plan.class);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static IOException unreadable(IOException cause) {
        return new IOException(
                "What was kept of the distributed run cannot be read, as after an update of the plugin while it went on:"
                        + " start the build again (" + cause.getMessage() + ")",
                cause);
    }

    /** What listeners were told of the sources; null for content, whose {@link #manifest} is kept instead. */
    SyncSpec sources() throws IOException {
        try {
            return WireCodec.fromTree(Json.PLAIN.readTree(Files.readAllBytes(sources)), SyncSpec.class);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** The text of the manifest. */
    byte[] manifest() throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(manifest)))) {
            byte[] text = gzip.readNBytes(MAX_MANIFEST + 1);
            if (text.length > MAX_MANIFEST) {
                throw new IOException(manifest + " is too long");
            }
            return text;
        }
    }

    /** The last snapshot. */
    RunSnapshot snapshot() throws IOException {
        return RunSnapshot.fromJson(Files.readAllBytes(snapshot));
    }

    /** Notes that the run's results are published. */
    void markPublished() throws IOException {
        write(published, new byte[0]);
    }

    /** Whether the run's results are published. */
    boolean isPublished() {
        return Files.exists(published);
    }

    /** Removes everything, as far as it is there. */
    void delete() throws IOException {
        for (Path file : new Path[] {snapshot, sources, manifest, plan, published}) {
            Files.deleteIfExists(file);
        }
    }
}
