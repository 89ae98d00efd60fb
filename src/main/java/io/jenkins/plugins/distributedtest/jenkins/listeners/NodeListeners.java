package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.remoting.Channel;
import io.jenkins.plugins.distributedtest.jenkins.process.ProcessStatus;
import io.jenkins.plugins.distributedtest.jenkins.process.SupervisedProcess;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The listeners that Jenkins has started in this JVM: an agent's, or the controller's for its built-in node. They are
 * supervised right here, so that the controller has neither a thread nor a stream for them.
 *
 * <p>When the agent's channel closes they end, since nobody could change or stop them any more; after a new connection
 * the controller has them started again. When this JVM ends, however it does, their standard input ends, and they with
 * it.
 */
final class NodeListeners {
    private static final int SHOWN = 16 << 10;
    /** How the program, of this very version, says that it is connected, and no longer. */
    private static final Pattern CONNECTED = Pattern.compile("^Listener ([0-9a-f-]{36}) connected: ");

    private static final String LOST = "Connection to ";
    /** One set per channel: a new connection has classes, and so a variable, of its own. */
    private static final NodeListeners HERE = new NodeListeners();

    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private boolean watching;
    private boolean ended;

    private NodeListeners() {}

    static NodeListeners here() {
        return HERE;
    }

    /** A listener that runs, and its last words. */
    private static final class Kept implements SupervisedProcess.Watcher {
        private final ListenerPlan plan;
        private final SupervisedProcess process;
        private volatile String lastLine = "";
        private volatile String listener = "";

        Kept(ListenerPlan plan) {
            this.plan = plan;
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            ProcessSpec spec = ProcessSpec.of(plan.command(java)).directory(Path.of(plan.directory()));
            process = new SupervisedProcess("distributed-test-" + plan.id(), spec, plan.brokerUri(), this);
        }

        @Override
        public void printed(String line) {
            lastLine = line;
            Matcher connected = CONNECTED.matcher(line);
            if (connected.find()) {
                listener = connected.group(1);
            } else if (line.startsWith(LOST)) {
                listener = "";
            }
        }

        @Override
        public void changed(ProcessStatus now) {
            listener = ""; // one that begins or ends is not connected
        }

        ListenerState state() {
            Path log = Path.of(plan.directory(), plan.id() + ".log");
            long length = BoundedText.size(log);
            String end;
            try {
                end = BoundedText.slice(log, Math.max(0, length - SHOWN), length);
            } catch (IOException e) {
                end = "Cannot read " + log + ": " + e.getMessage();
            }
            String output = process.output();
            String shown = output.substring(Math.max(0, output.length() - SHOWN));
            return new ListenerState(plan.id(), process.status(), listener, lastLine, shown, end);
        }
    }

    /** Ends everything when the channel closes. */
    private static final class AtClosing extends Channel.Listener {
        @Override
        public void onClosed(Channel channel, IOException cause) {
            HERE.endAll();
        }
    }

    /**
     * Makes those run that are wanted, and no others.
     *
     * @param wanted them all
     * @param channel over which they were asked for; null on the controller itself
     * @return how they are
     */
    synchronized List<ListenerState> keep(List<ListenerPlan> wanted, Channel channel) throws IOException {
        if (channel != null && !watching) {
            channel.addListener(new AtClosing());
            watching = true;
        }
        if (ended && channel != null) {
            throw new IOException("The channel has closed");
        }
        for (Kept each : List.copyOf(kept.values())) {
            if (!wanted.contains(each.plan)) {
                kept.remove(each.plan.id());
                // Its successor uses the same directory.
                each.process.close();
            }
        }
        for (ListenerPlan plan : wanted) {
            if (!kept.containsKey(plan.id())) {
                Files.createDirectories(Path.of(plan.directory()));
                kept.put(plan.id(), new Kept(plan));
            }
        }
        return states();
    }

    /** How they are. */
    synchronized List<ListenerState> states() {
        List<ListenerState> states = new ArrayList<>();
        kept.values().forEach(each -> states.add(each.state()));
        return states;
    }

    /** Asks all to end; does not wait. Uses no class that has not been used before: see {@link SupervisedProcess}. */
    synchronized void endAll() {
        ended = true;
        for (Kept each : kept.values()) {
            each.process.stop();
        }
        kept.clear();
    }

    /** Ends all and waits for it. */
    synchronized void closeAll() {
        List<Kept> all = new ArrayList<>(kept.values());
        kept.clear();
        all.forEach(each -> each.process.stop());
        all.forEach(each -> each.process.close());
    }
}
