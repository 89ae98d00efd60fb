package io.jenkins.plugins.distributedtest.originator;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.FileJob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A world of listeners and a broker that loses, doubles and reorders, against the state machine: nothing is lost,
 * nothing counted twice, every run ends.
 */
class RunStateRandomTest {
    private static final int RUNS_PER_SEED = 60;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void nothingIsLostNothingIsCountedTwiceAndEveryRunEnds(long seed) {
        for (int run = 0; run < RUNS_PER_SEED; run++) {
            new World(new Random(seed * 1000 + run)).live();
        }
    }

    /** A listener with slots; its messages reach the originator in order. */
    private static final class Peer {
        final String id;
        final FileJob[] running;
        /** The cases of what a slot runs, numbered, and how many of them it has told. */
        final List<List<TestCase>> cases = new ArrayList<>();

        final int[] told;
        final Deque<NativeMessage> sent = new ArrayDeque<>();
        boolean alive = true;

        Peer(String id, int slots) {
            this.id = id;
            this.running = new FileJob[slots];
            this.told = new int[slots];
            IntStream.range(0, slots).forEach(slot -> cases.add(List.of()));
        }

        WorkerId worker(int slot) {
            return new WorkerId(id, "host", slot + 1);
        }
    }

    private static final class World {
        final Random random;
        final RunRules rules;
        final RunState state;
        final Map<String, String> groups;
        final int size;
        final Deque<FileJob> queue = new ArrayDeque<>();
        final List<Peer> peers = new ArrayList<>();
        final List<RunEvent> events = new ArrayList<>();
        double now;
        int peerNumber;
        int resultNumber;
        int caseNumber;
        boolean connected = true;
        boolean ended;

        World(Random random) {
            this.random = random;
            this.size = 1 + random.nextInt(30);
            this.rules = new RunRules(
                    60,
                    10,
                    Double.POSITIVE_INFINITY,
                    1e9,
                    1e9,
                    20,
                    60,
                    30,
                    1e9,
                    0,
                    random.nextInt(3),
                    random.nextInt(10),
                    "here",
                    Quarantine.NONE,
                    random.nextBoolean()
                            ? FileGroups.NONE
                            : new FileGroups(Map.of("ones", List.of("f1*"), "twos", List.of("f2*"))));
            List<TestFile> files = IntStream.range(0, size)
                    .mapToObj(i -> new TestFile("f" + i))
                    .toList();
            this.state = new RunState(rules, files, Map.of());
            this.groups = rules.groups().of(files);
        }

        void live() {
            join();
            carryOut(state.begin(now));
            int chaos = 50 + random.nextInt(800);
            for (int i = 0; i < chaos && !ended; i++) {
                disturb();
                step();
            }
            calm();
            assertThat(ended).as("the run has ended").isTrue();
            assertThat(state.end()).isEqualTo(RunEnd.COMPLETED);
            check();
        }

        void calm() {
            if (!connected) {
                reconnect();
            }
            if (peers.stream().noneMatch(p -> p.alive)) {
                join();
            }
            for (int i = 0; i < 20_000 && !ended; i++) {
                step();
            }
        }

        void disturb() {
            switch (random.nextInt(40)) {
                case 0 -> anyPeer().alive = false;
                case 1 -> {
                    Peer dead = anyPeer();
                    dead.alive = false;
                    dead.sent.clear();
                }
                case 2 -> join();
                case 3 -> redeliver(anyPeer());
                case 4 -> doubled(anyPeer());
                case 5 -> now += random.nextInt(40);
                case 6 -> breakConnection(random.nextBoolean());
                case 7 -> farewell(anyPeer());
                case 8 -> queue.poll();
                case 9 -> strayMessages(anyPeer());
                default -> {}
            }
            if (peers.stream().filter(p -> p.alive).count() < 2) {
                join();
            }
        }

        void strayMessages(Peer peer) {
            WorkerId worker = peer.worker(0);
            carryOut(state.start(now, worker, "no such file", 1));
            carryOut(state.start(now, worker, "f0", 99_999));
            carryOut(state.finish(now, worker, 99_999, result("f0", FileStatus.PASSED), 0));
            carryOut(state.natives().cases(now, new NativeMessage.Cases(worker, "no such file", 1, 0, List.of())));
            carryOut(state.natives().cases(now, new NativeMessage.Cases(worker, "f0", 99_999, 0, cases(3))));
        }

        /** The listener's connection broke: what a slot has is delivered again, though the slot goes on. */
        void redeliver(Peer peer) {
            for (FileJob job : peer.running) {
                if (job != null) {
                    queue.addFirst(job);
                }
            }
        }

        void doubled(Peer peer) {
            if (!peer.sent.isEmpty()) {
                peer.sent.addFirst(peer.sent.peekFirst());
            }
        }

        void farewell(Peer peer) {
            if (peer.alive) {
                peer.alive = false;
                peer.sent.add(new NativeMessage.Left(peer.id, NativeMessage.Left.Reason.SHUTDOWN, "", ""));
            }
        }

        void breakConnection(boolean messagesLost) {
            carryOut(state.disconnected(now, "broken"));
            connected = false;
            if (messagesLost) {
                queue.clear();
                peers.forEach(p -> p.sent.clear());
            }
            for (int i = random.nextInt(5); i > 0; i--) {
                now += random.nextInt(30);
                carryOut(state.tick(now));
            }
            reconnect();
        }

        void reconnect() {
            connected = true;
            carryOut(state.reconnected(now, random.nextBoolean()));
        }

        void join() {
            Peer peer = new Peer("L" + ++peerNumber, 1 + random.nextInt(3));
            peers.add(peer);
            peer.sent.add(new NativeMessage.Preparing(peer.id, "host", "inbox", "1", peer.running.length));
            peer.sent.add(new NativeMessage.Ready(peer.id, "digest", 0));
        }

        Peer anyPeer() {
            return peers.get(random.nextInt(peers.size()));
        }

        void step() {
            switch (random.nextInt(7)) {
                case 0 -> take(anyPeer());
                case 1 -> end(anyPeer());
                case 5 -> tell(anyPeer());
                case 2, 3, 4 -> deliver(anyPeer());
                default -> {
                    now += random.nextDouble() * 4;
                    // The dead whose last words have been heard are forgotten; nobody falls behind for ever.
                    peers.removeIf(p -> !p.alive && p.sent.isEmpty() && peers.size() > 1);
                    peers.stream().filter(p -> p.alive).forEach(this::beat);
                    peers.stream().filter(p -> p.sent.size() > 30).forEach(this::deliver);
                    carryOut(state.tick(now));
                }
            }
        }

        void take(Peer peer) {
            for (int slot = 0; slot < peer.running.length; slot++) {
                if (peer.alive && peer.running[slot] == null && !queue.isEmpty()) {
                    FileJob job = queue.poll();
                    peer.running[slot] = job;
                    peer.told[slot] = 0;
                    peer.cases.set(slot, cases(random.nextInt(8)));
                    peer.sent.add(new NativeMessage.Start(peer.worker(slot), job.file(), job.lease()));
                }
            }
        }

        /** Numbered cases of an attempt of its own. */
        List<TestCase> cases(int number) {
            String attempt = "attempt " + ++caseNumber;
            return IntStream.range(0, number)
                    .mapToObj(i ->
                            new TestCase("case " + i + " of " + number, attempt, 0, CaseStatus.PASSED, null, "", 0))
                    .toList();
        }

        /** Some of the cases of a slot are told ahead of its result. */
        void tell(Peer peer) {
            int slot = random.nextInt(peer.running.length);
            FileJob job = peer.running[slot];
            int left = peer.cases.get(slot).size() - peer.told[slot];
            if (peer.alive && job != null && left > 0) {
                int from = peer.told[slot];
                int to = from + 1 + random.nextInt(left);
                peer.told[slot] = to;
                peer.sent.add(new NativeMessage.Cases(
                        peer.worker(slot),
                        job.file(),
                        job.lease(),
                        from,
                        peer.cases.get(slot).subList(from, to)));
            }
        }

        void end(Peer peer) {
            int slot = random.nextInt(peer.running.length);
            FileJob job = peer.running[slot];
            if (!peer.alive || job == null) {
                return;
            }
            peer.running[slot] = null;
            int dice = random.nextInt(20);
            FileStatus status = dice == 0
                    ? FileStatus.CRASHED
                    : dice == 1 ? FileStatus.CANCELLED : dice < 5 ? FileStatus.FAILED : FileStatus.PASSED;
            List<TestCase> cases = peer.cases.get(slot);
            int told = peer.told[slot];
            FileResult result = result(job.file(), status).withCases(cases.subList(told, cases.size()));
            peer.sent.add(new NativeMessage.Finish(peer.worker(slot), job.lease(), result, told));
        }

        FileResult result(String file, FileStatus status) {
            String name = "result " + ++resultNumber;
            return FileResult.of(new TestFile(file), status, 1).withOutput(name).by("test");
        }

        void beat(Peer peer) {
            List<NativeMessage.Heartbeat.Running> running = new ArrayList<>();
            for (int slot = 0; slot < peer.running.length; slot++) {
                if (peer.running[slot] != null) {
                    running.add(new NativeMessage.Heartbeat.Running(
                            slot + 1, peer.running[slot].file(), peer.running[slot].lease()));
                }
            }
            peer.sent.add(new NativeMessage.Heartbeat(peer.id, running));
        }

        void deliver(Peer peer) {
            for (int i = random.nextInt(8); i >= 0; i--) {
                NativeMessage message = peer.sent.poll();
                if (message == null) {
                    return;
                } else if (message instanceof NativeMessage.Start start) {
                    carryOut(state.start(now, start.worker(), start.file(), start.lease()));
                } else if (message instanceof NativeMessage.Finish finish) {
                    carryOut(state.finish(now, finish.worker(), finish.lease(), finish.result(), finish.casesBefore()));
                } else if (message instanceof NativeMessage.Cases cases) {
                    carryOut(state.natives().cases(now, cases));
                } else if (message instanceof NativeMessage.Heartbeat heartbeat) {
                    carryOut(state.natives().heartbeat(now, heartbeat));
                } else if (message instanceof NativeMessage.Preparing preparing) {
                    carryOut(state.natives().preparing(now, preparing));
                } else if (message instanceof NativeMessage.Ready ready) {
                    carryOut(state.natives().ready(now, ready.listener(), 0, true));
                } else if (message instanceof NativeMessage.Left left) {
                    carryOut(state.natives().left(now, left));
                }
            }
        }

        void carryOut(List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Publish publish) {
                    assertThat(ended).as("nothing is handed out after the end").isFalse();
                    queue.add(publish.job());
                } else if (effect instanceof Effect.PurgeFiles) {
                    queue.clear();
                } else if (effect instanceof Effect.Notify notify) {
                    events.add(notify.event());
                } else if (effect instanceof Effect.End) {
                    assertThat(ended).as("a run ends once").isFalse();
                    ended = true;
                }
            }
            checkGroups();
        }

        /** Of each group one file at most is given out. */
        void checkGroups() {
            List<String> out = state.leases().all().stream()
                    .filter(each -> each.lease > 0 && each.phase != FileState.Phase.DONE)
                    .map(each -> groups.get(each.file.path()))
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(out).doesNotHaveDuplicates();
        }

        void check() {
            Map<TestFile, Integer> finals = new HashMap<>();
            int attempts = 0;
            for (RunEvent event : events) {
                if (event instanceof RunEvent.FileFinished finished) {
                    attempts++;
                    if (finished.isFinal()) {
                        finals.merge(finished.file(), 1, Integer::sum);
                    }
                }
            }
            assertThat(finals)
                    .hasSize(size)
                    .allSatisfy((file, count) -> assertThat(count).isOne());
            List<FileReport> reports = state.fileReports();
            assertThat(reports).hasSize(size).allMatch(FileReport::isFinished);
            assertThat(reports.stream().mapToInt(r -> r.attempts().size()).sum())
                    .isEqualTo(attempts);
            Set<String> counted = new HashSet<>();
            for (FileReport report : reports) {
                int lease = 0;
                for (Attempt attempt : report.attempts()) {
                    assertThat(attempt.lease()).isGreaterThan(lease);
                    lease = attempt.lease();
                    checkCases(attempt.result().cases());
                    String result = attempt.result().output();
                    assertThat(result.isEmpty() || counted.add(result))
                            .as("counted twice: " + result)
                            .isTrue();
                }
                long crashes = report.attempts().stream()
                        .filter(a -> a.result().status() == FileStatus.CRASHED
                                || a.result().status() == FileStatus.LOST)
                        .count();
                assertThat(crashes).isLessThanOrEqualTo(RunRules.CRASHES);
                assertThat(report.attempts().size()).isLessThanOrEqualTo(1 + rules.retries() + RunRules.CRASHES);
            }
            assertThat(state.leases().retriesSpent()).isLessThanOrEqualTo(rules.retryBudget());
        }

        /** All of one attempt, in order, none missing and none twice. */
        void checkCases(List<TestCase> cases) {
            assertThat(cases.stream().map(TestCase::className).distinct().count())
                    .isLessThanOrEqualTo(1);
            for (int i = 0; i < cases.size(); i++) {
                assertThat(cases.get(i).name()).isEqualTo("case " + i + " of " + cases.size());
            }
        }
    }
}
