package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.FilePath;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.sync.BlobSource;
import io.jenkins.plugins.distributedtest.sync.Manifest;
import io.jenkins.plugins.distributedtest.sync.SourceOffers;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jenkinsci.plugins.workflow.FilePathUtils;

/**
 * The workspace of a run, found again whenever it is needed: the agent may have gone and come back meanwhile. What was
 * prepared once is kept with the run, so that after a restart the agent is needed only for content that some listener
 * lacks.
 */
final class AgentWorkspace implements SourceOffers.RemoteTree, SourceOffers.Elsewhere {
    /** How long an agent may take to read a few megabytes. */
    private static final int READ_SECONDS = 60;

    private final String node;
    private final String remote;
    private final String runId;
    private final byte[] settings;
    private final TreeMap<String, String> environment;
    private final SavedRun saved;

    /**
     * @param node the agent's name, empty for the built-in node
     * @param remote the directory, as the agent names it
     * @param runId the run
     * @param settings the run's settings
     * @param environment the variables of the build, for processes there
     * @param saved what is kept of the run
     */
    AgentWorkspace(
            String node,
            String remote,
            String runId,
            RunSettings settings,
            Map<String, String> environment,
            SavedRun saved) {
        this.node = node;
        this.remote = remote;
        this.runId = runId;
        this.settings = settings.toJson();
        this.environment = new TreeMap<>(environment);
        this.saved = saved;
    }

    /** The workspace; null while its agent is away. */
    FilePath find() {
        return FilePathUtils.find(node, remote);
    }

    /** The agent's name for people. */
    String place() {
        return (node.isEmpty() ? "the built-in node" : "agent " + node) + " in " + remote;
    }

    private FilePath there() throws SyncException {
        FilePath found = find();
        if (found == null) {
            throw new SyncException(
                    SyncException.Kind.FAILED, "The sources cannot be read: " + place() + " is not connected");
        }
        return found;
    }

    @Override
    public byte[] manifest() throws SyncException, InterruptedException {
        try {
            if (saved.hasManifest()) {
                return saved.manifest();
            }
            byte[] text = AgentWork.bytes(there().act(new AgentWork.TakeManifest(settings)));
            saved.writeManifest(text);
            return text;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public SyncSpec prepare() throws SyncException, InterruptedException {
        try {
            SyncSpec known = saved.sources();
            if (known != null) {
                return known;
            }
            byte[] json = AgentWork.bytes(there().act(new AgentWork.OfferSources(settings, runId, environment)));
            SyncSpec spec = WireCodec.fromTree(Json.PLAIN.readTree(json), SyncSpec.class);
            saved.writeSources(spec);
            return spec;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private SyncException failed(IOException e) {
        return new SyncException(
                SyncException.Kind.FAILED, "The sources cannot be prepared on " + place() + ": " + e.getMessage(), e);
    }

    @Override
    public BlobSource content(Manifest manifest) {
        return new RemoteBlobs(manifest, this::read);
    }

    private List<byte[]> read(List<RemoteBlobs.Piece> pieces) throws IOException {
        FilePath found = find();
        if (found == null) {
            throw new BlobSource.AwayException(place() + " is not connected", null);
        }
        try {
            return Arrays.asList(
                    found.actAsync(new AgentWork.ReadPieces(pieces)).get(READ_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | IOException | TimeoutException e) {
            // The call itself fails only with the channel: what cannot be read is in its answer.
            throw new BlobSource.AwayException(place() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlobSource.AwayException("interrupted", e);
        }
    }

    /**
     * Runs one of the project's callbacks there.
     *
     * @return the text that it returned; null if it returned none or there is none
     */
    String callback(FilePath workspace, String name) throws IOException, InterruptedException {
        return workspace.act(new AgentWork.RunCallback(settings, name, environment));
    }
}
