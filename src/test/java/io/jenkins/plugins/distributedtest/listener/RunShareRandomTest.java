package io.jenkins.plugins.distributedtest.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A listener's world that breaks in every way, against its share of a run in every dialect: the claim on each file ends
 * once, no slot runs two, whoever is owed a finish gets one, the workers are closed, and every share comes to its end.
 */
class RunShareRandomTest {
    private static final int RUNS_PER_SEED = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Ending BROKEN = Ending.runnerFailed("broken");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void eachFileIsSettledOnceAndEveryShareEnds(long seed) {
        for (int run = 0; run < RUNS_PER_SEED; run++) {
            new World(new Random(seed * 1000 + run)).live();
        }
    }

    /** A file in a slot, and what became of it. */
    private static final class Ran {
        final String path;
        boolean begun;
        boolean killed;
        int acked;
        int givenBack;
        int toldStarted;
        int toldFinished;

        Ran(String path) {
            this.path = path;
        }
    }

    private static final class World {
        final Random random;
        final ShareRules rules;
        final RunShare share;
        final int size;
        final Ran[] slots;
        final Deque<String> queue = new ArrayDeque<>();
        final List<Ran> all = new ArrayList<>();
        final Set<String> finished = new HashSet<>();
        boolean preparing = true;
        boolean joined;
        boolean left;
        boolean connected = true;
        boolean closing;
        boolean closed;
        boolean gone;
        boolean allKilled;
        int farewells;
        int lease;
        long now = 1;

        World(Random random) {
            this.random = random;
            boolean ruby = random.nextBoolean();
            rules = new ShareRules("run", ruby, ruby, ruby ? null : PATIENCE);
            share = new RunShare(rules, now);
            size = random.nextInt(20);
            slots = new Ran[1 + random.nextInt(4)];
            for (int i = 0; i < size; i++) {
                queue.add("f" + i);
            }
        }

        void live() {
            int chaos = random.nextInt(400);
            for (int i = 0; i < chaos && !gone; i++) {
                step();
                if (random.nextInt(12) == 0) {
                    disturb();
                }
                check();
            }
            comeToTheEnd();
            checkEnd();
        }

        void comeToTheEnd() {
            if (!share.isClosing()) {
                switch (random.nextInt(4)) {
                    case 0 -> carryOut(share.finish());
                    case 1 -> carryOut(share.cancel());
                    case 2 -> carryOut(share.shutDown(Duration.ofSeconds(5)));
                    default -> fallSilent();
                }
            }
            for (int i = 0; i < 1000 && !gone; i++) {
                step();
                check();
            }
        }

        /** The last that is heard of the originator: a Ruby one takes its queue along. */
        void fallSilent() {
            if (rules.endsWhenEmpty()) {
                carryOut(share.filesGone());
                return;
            }
            connect();
            for (int i = 0; i < 20 && !share.isClosing(); i++) {
                now += PATIENCE.toNanos() / 10;
                carryOut(share.tick(now));
            }
            assertThat(share.isClosing()).as("silence ends the share").isTrue();
        }

        void step() {
            switch (random.nextInt(6)) {
                case 0 -> endPreparing();
                case 1 -> wake();
                case 2, 3 -> progress(random.nextInt(slots.length));
                case 4 -> close();
                default -> {
                    now += random.nextInt(10) * 1_000_000_000L;
                    carryOut(share.tick(now));
                }
            }
        }

        void disturb() {
            switch (random.nextInt(12)) {
                case 0 -> carryOut(share.finish());
                case 1 -> carryOut(share.cancel());
                case 2 -> carryOut(share.shutDown(Duration.ofSeconds(5)));
                case 3 -> disconnect();
                case 4, 5 -> connect();
                case 6 -> carryOut(share.originatorSeen(now));
                case 7 -> carryOut(share.definedAgain(now));
                case 8 -> carryOut(share.filesGone());
                case 9 -> now += PATIENCE.toNanos(); // we stand still
                case 10 -> unable(random.nextInt(slots.length));
                default -> runsLong(random.nextInt(slots.length));
            }
        }

        void endPreparing() {
            if (preparing) {
                preparing = false;
                carryOut(random.nextInt(5) > 0 ? share.prepared() : share.unprepared(BROKEN));
            }
        }

        /** As the slots do: each free one takes a file if there is one, and tells if there is none. */
        void wake() {
            for (int slot = 1; slot <= slots.length && joined && !left && connected; slot++) {
                if (slots[slot - 1] != null) {
                    continue;
                }
                String path = queue.poll();
                if (path == null) {
                    carryOut(share.foundNoFile());
                    continue;
                }
                int number = rules.owesEveryFinish() ? 0 : ++lease;
                Ran ran = new Ran(path);
                all.add(ran);
                slots[slot - 1] = ran;
                share.took(slot, path, number);
                assertThat(share.files().contains(path, number)).isEqualTo(number > 0);
            }
        }

        void progress(int index) {
            Ran ran = slots[index];
            if (ran == null) {
                return;
            }
            if (!ran.begun && !ran.killed) {
                ran.begun = true;
                carryOut(share.started(index + 1));
            } else {
                FileStatus status = ran.killed ? FileStatus.CANCELLED : FileStatus.PASSED;
                carryOut(share.ended(index + 1, FileResult.of(new TestFile(ran.path), status, 1)));
                slots[index] = null;
            }
        }

        void unable(int index) {
            Ran ran = slots[index];
            if (ran != null) {
                carryOut(share.unable(index + 1, BROKEN, FileResult.of(new TestFile(ran.path), FileStatus.CRASHED, 1)));
                slots[index] = null;
                assertThat(share.isClosing()).isTrue();
            }
        }

        void runsLong(int index) {
            if (slots[index] != null) {
                carryOut(share.runsLong(index + 1));
            }
        }

        void close() {
            if (closing && !closed) {
                closed = true;
                carryOut(share.closed(random.nextInt(3) == 0 ? BROKEN : null));
            }
        }

        void disconnect() {
            connected = false;
            share.disconnected();
        }

        void connect() {
            connected = true;
            carryOut(share.connected(now));
        }

        void carryOut(List<ShareEffect> effects) {
            assertThat(effects).as("bounded").hasSizeLessThanOrEqualTo(10 + slots.length);
            for (ShareEffect effect : effects) {
                assertThat(gone && !(effect instanceof ShareEffect.Refill))
                        .as("nothing is wanted of what is gone, not " + effect)
                        .isFalse();
                aboutFiles(effect);
                aboutTheShare(effect);
            }
        }

        void aboutFiles(ShareEffect effect) {
            if (effect instanceof ShareEffect.Settle settle) {
                Ran ran = slots[settle.slot() - 1];
                if (settle.done()) {
                    ran.acked++;
                } else {
                    ran.givenBack++;
                    queue.addFirst(ran.path);
                }
            } else if (effect instanceof ShareEffect.TellStarted told) {
                slots[told.slot() - 1].toldStarted++;
            } else if (effect instanceof ShareEffect.TellFinished told) {
                Ran ran = slots[told.slot() - 1];
                ran.toldFinished++;
                assertThat(finished.add(ran.path))
                        .as(ran.path + " is told as finished once")
                        .isTrue();
            } else if (effect instanceof ShareEffect.StopSlots kill) {
                assertThat(kill.slots()).isNotEmpty();
                kill.slots().forEach(slot -> slots[slot - 1].killed = true);
            } else if (effect instanceof ShareEffect.Beat beat) {
                beat.running().forEach(each -> {
                    Ran ran = slots[each.slot() - 1];
                    assertThat(ran.begun).isTrue();
                    assertThat(ran.path).isEqualTo(each.file());
                });
            }
        }

        void aboutTheShare(ShareEffect effect) {
            if (effect instanceof ShareEffect.Join) {
                assertThat(joined).isFalse();
                joined = true;
            } else if (effect instanceof ShareEffect.Leave) {
                assertThat(left).isFalse();
                left = true;
            } else if (effect instanceof ShareEffect.StopAll) {
                assertThat(allKilled).isFalse();
                allKilled = true;
                for (Ran ran : slots) {
                    if (ran != null) {
                        ran.killed = true;
                    }
                }
            } else if (effect instanceof ShareEffect.TellLeft) {
                farewells++;
            } else if (effect instanceof ShareEffect.Close) {
                assertThat(closing).isFalse();
                assertThat(left).isTrue();
                assertThat(preparing)
                        .as("what is prepared later would not be closed")
                        .isFalse();
                closing = true;
            } else if (effect instanceof ShareEffect.Gone) {
                assertThat(closed).isTrue();
                gone = true;
            }
        }

        void check() {
            for (Ran ran : all) {
                assertThat(ran.acked + ran.givenBack).isLessThanOrEqualTo(1);
                assertThat(ran.givenBack + ran.toldFinished).isLessThanOrEqualTo(1);
                assertThat(ran.toldStarted).isLessThanOrEqualTo(1);
                assertThat(ran.toldFinished).isLessThanOrEqualTo(ran.toldStarted);
            }
            assertThat(farewells).isLessThanOrEqualTo(1);
            if (closing) {
                assertThat(slots).as("workers are closed after their files").containsOnlyNulls();
            }
        }

        void checkEnd() {
            assertThat(gone).as("it is gone").isTrue();
            assertThat(share.phase()).isEqualTo(SharePhase.GONE);
            assertThat(share.files().isEmpty()).isTrue();
            check();
            for (Ran ran : all) {
                assertThat(ran.acked + ran.givenBack)
                        .as("the claim on " + ran.path + " has ended")
                        .isOne();
                if (rules.owesEveryFinish()) {
                    assertThat(ran.toldFinished).isEqualTo(ran.toldStarted);
                }
            }
            assertThat(all.stream().filter(ran -> ran.acked == 1).count() + queue.size())
                    .as("each file is done, or is in the queue for others")
                    .isEqualTo(size);
        }
    }
}
