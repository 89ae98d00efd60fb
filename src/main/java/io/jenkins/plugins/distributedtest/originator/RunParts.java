package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.collect.CollectSink;
import io.jenkins.plugins.distributedtest.collect.Collector;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.sync.SourceOffer;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * What a run is put together from.
 *
 * @param runId its id
 * @param base where it lives
 * @param settings what is asked for
 * @param state the truth about it
 * @param dialogue how it talks to listeners
 * @param offer its sources
 * @param collector what takes the files that listeners bring back
 * @param observer hears what happens
 * @param startedAt when it started
 */
record RunParts(
        String runId,
        RunBase base,
        RunSettings settings,
        RunState state,
        Dialogue dialogue,
        SourceOffer offer,
        Collector collector,
        RunObserver observer,
        Instant startedAt) {
    /** Checks that there is an observer. */
    RunParts {
        Objects.requireNonNull(observer, "observer");
    }

    /** The loop that it lives on. */
    EventLoop loop() {
        return base.loop();
    }

    /** A new run. */
    static RunParts fresh(
            RunBase base, RunRequest request, String runId, SourceOffer offer, CollectSink sink, RunObserver observer) {
        RunSettings settings = request.settings();
        RunState state = new RunState(rules(base.address(), settings), request.ordered(), request.expected());
        Dialogue dialogue = dialogue(runId, settings, request.ordered().size());
        Collector collector = collector(base, runId, settings, sink, true);
        return new RunParts(runId, base, settings, state, dialogue, offer, collector, observer, Instant.now());
    }

    /** A run taken up from paper. */
    static RunParts resumed(
            RunBase base,
            RunSettings settings,
            RunSnapshot snapshot,
            SourceOffer offer,
            CollectSink sink,
            RunObserver observer) {
        Instant startedAt = Instant.ofEpochMilli(snapshot.startedAtMillis());
        double now = Math.max(0, Duration.between(startedAt, Instant.now()).toNanos() / 1e9);
        RunState state = snapshot.restore(rules(base.address(), settings), now);
        Dialogue dialogue =
                dialogue(snapshot.runId(), settings, snapshot.files().size());
        Collector collector = collector(base, snapshot.runId(), settings, sink, false);
        return new RunParts(snapshot.runId(), base, settings, state, dialogue, offer, collector, observer, startedAt);
    }

    private static Collector collector(
            RunBase base, String runId, RunSettings settings, CollectSink sink, boolean fresh) {
        CollectSettings collect = settings.collect();
        if (!collect.isAsked()) {
            return Collector.NONE;
        }
        if (settings.dialect() == RunSettings.Dialect.GORGON) {
            throw new IllegalArgumentException("Gorgon's protocol brings no files back: leave out collect ("
                    + String.join(", ", collect.files()) + "), or set the protocol to native.");
        }
        return Collector.of(base.loop(), runId, sink, collect.directory(), collect.maxBytes(), fresh);
    }

    private static Dialogue dialogue(String runId, RunSettings settings, int files) {
        boolean gorgon = settings.dialect() == RunSettings.Dialect.GORGON;
        SyncSpec.Kind kind = settings.sync().kind();
        if (gorgon && kind != SyncSpec.Kind.RSYNC && kind != SyncSpec.Kind.NONE) {
            throw new IllegalArgumentException("Gorgon's protocol has no sync of kind '"
                    + kind.name().toLowerCase(Locale.ROOT)
                    + "': set sync to rsync (or none, for a shared disk), or the protocol to native.");
        }
        return gorgon ? new GorgonDialogue(runId, settings, files) : new NativeDialogue(runId, settings, files);
    }

    private static RunRules rules(BrokerAddress address, RunSettings settings) {
        boolean unnamed = settings.cluster() == null || settings.cluster().isEmpty();
        return RunRules.of(
                settings, "broker " + address + ", " + (unnamed ? "no cluster" : "cluster " + settings.cluster()));
    }
}
