package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.FilePath;
import io.jenkins.plugins.distributedtest.collect.CollectSink;
import io.jenkins.plugins.distributedtest.collect.CollectedFile;
import io.jenkins.plugins.distributedtest.sync.BlobSource.AwayException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Collected files that go to a workspace on another machine. While that is away, they wait. */
final class RemoteCollect implements CollectSink {
    /** How long an agent may take to write a few megabytes. */
    private static final int SECONDS = 60;

    private final AgentWorkspace workspace;
    private final String directory;

    /**
     * @param workspace the workspace
     * @param directory where files go, as its machine names it
     */
    RemoteCollect(AgentWorkspace workspace, String directory) {
        this.workspace = workspace;
        this.directory = directory;
    }

    @Override
    public void begin() throws IOException {
        call(new AgentCollect.Begin(directory));
    }

    @Override
    public List<String> lacking(List<String> digests) throws IOException {
        return digests.isEmpty() ? List.of() : List.of(call(new AgentCollect.Lacking(directory, digests)));
    }

    @Override
    public boolean write(String digest, long offset, long total, byte[] data) throws IOException {
        return call(new AgentCollect.Write(directory, digest, offset, total, data)).length == 0;
    }

    @Override
    public void place(String below, List<CollectedFile> files) throws IOException {
        call(new AgentCollect.Place(directory, below, files));
    }

    @Override
    public void end() throws IOException {
        call(new AgentCollect.End(directory));
    }

    private String[] call(AgentCollect.Call call) throws IOException {
        FilePath found = workspace.find();
        if (found == null) {
            throw new AwayException(workspace.place() + " is not connected", null);
        }
        try {
            return found.actAsync(call).get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // What fails on the agent is told by it; a channel that is lost is the agent's being away.
            if (workspace.find() == null || e.getCause() == null) {
                throw new AwayException(workspace.place() + " does not answer", e);
            }
            throw new IOException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new AwayException(workspace.place() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AwayException("interrupted", e);
        }
    }
}
