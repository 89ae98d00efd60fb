package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A listener's share of one run, as a state machine: told what happens and when, it says what is to be done. It knows
 * no connection, no process, no thread and no clock; {@link JoinedRun} carries out what it says.
 *
 * <p>Its story: <em>preparing</em>, while the sources are fetched and the opening callbacks run; <em>ready</em>, while
 * slots take the run's files; <em>closing</em>, once the run is over, was cancelled, or something failed: no more
 * files are taken, what runs is killed, and when the last of it has ended the workers do what they do at their end, which
 * may take long, and the closing callbacks run. Then it is
 * <em>gone</em>, and no input has any effect.
 *
 * <p>What holds, whatever happens: a slot has at most one file; the claim on each file that a slot took ends exactly
 * once, by taking it out of the queue or giving it back; a file that was given back is never told as finished; the
 * workers are closed once, after the last of their files; it is gone once, with no file left.
 *
 * <p>A failure of the set-up (a callback, a runner that cannot be started) ends the share, not the run: the files go
 * back to where others can get them, instead of failing here one after the other.
 *
 * <p>All times are in nanoseconds of any clock that does not go backwards. Not for several threads.
 */
final class RunShare {
    private final ShareRules rules;
    private final Silence silence;
    private final FilesInSlots files = new FilesInSlots(this::add);
    private final ShareClosing closing;
    private List<ShareEffect> effects = new ArrayList<>();
    private SharePhase phase = SharePhase.PREPARING;
    private boolean preparationEnded;
    private boolean connected = true;

    /**
     * @param rules what is asked of it
     * @param now the time
     */
    RunShare(ShareRules rules, long now) {
        this.rules = rules;
        silence = new Silence(rules.patience(), now);
        closing = new ShareClosing(rules.name(), rules.endsWhenEmpty(), this::add);
    }

    // ---- preparing

    /** The preparation has come to a good end. */
    List<ShareEffect> prepared() {
        preparationEnded = true;
        if (phase == SharePhase.PREPARING) {
            phase = SharePhase.READY;
            add(new ShareEffect.Join());
            add(new ShareEffect.Wake());
        }
        return settled();
    }

    /** The preparation has ended without a result; nothing is left of it. */
    List<ShareEffect> unprepared(Ending why) {
        preparationEnded = true;
        fail(why);
        return settled();
    }

    // ---- files

    /** A slot, which has none, has taken a file; only while it is {@link SharePhase#READY}. */
    void took(int slot, String path, int lease) {
        if (phase != SharePhase.READY) {
            throw new IllegalStateException("Run " + rules.name() + " takes no files, it is " + phase);
        }
        files.took(slot, path, lease);
    }

    /** The worker is ready, its file begins. */
    List<ShareEffect> started(int slot) {
        files.started(slot, tells());
        return take();
    }

    /** The file of a slot runs for long, or is known to. */
    List<ShareEffect> runsLong(int slot) {
        files.runsLong(slot);
        return take();
    }

    /** The file of a slot has ended, or was stopped before it began. The slot is free. */
    List<ShareEffect> ended(int slot, FileResult result) {
        files.ended(slot, result, tells());
        return settled();
    }

    /** A slot cannot run files of this run; an originator that is owed one gets a result. The slot is free. */
    List<ShareEffect> unable(int slot, Ending why, FileResult crashed) {
        files.unable(slot, rules.owesEveryFinish() ? crashed : null);
        fail(why);
        return settled();
    }

    /** Whether the originator wants to hear of cases of the file that a slot runs. */
    boolean tellsCases(int slot) {
        return tells() && files.isStarted(slot);
    }

    /** Once it has said farewell, the originator gives its files to others, unless it is owed every finish. */
    private boolean tells() {
        return phase == SharePhase.READY || rules.owesEveryFinish();
    }

    /** A free slot has found no file. */
    List<ShareEffect> foundNoFile() {
        return rules.endsWhenEmpty() && phase == SharePhase.READY && connected && files.isEmpty() ? finish() : take();
    }

    /** The files queue does not exist. */
    List<ShareEffect> filesGone() {
        // Others may come back, after a restart of the broker: the silence of the originator decides.
        if (rules.endsWhenEmpty() && !isClosing()) {
            closing.sayWhenClosed(Ending.DONE);
            end(null, true); // in its own time: at the good end of a run of Ruby's it is just the same
        }
        return settled();
    }

    // ---- what the originator says, and does not say

    /** The originator has shown that it is alive. */
    List<ShareEffect> originatorSeen(long now) {
        silence.heard(now);
        if (!isClosing()) {
            add(new ShareEffect.Heard());
        }
        return take();
    }

    /** The same definition has come again: there may be files again. */
    List<ShareEffect> definedAgain(long now) {
        originatorSeen(now).forEach(this::add);
        lookForFiles();
        return take();
    }

    /** Time has passed; to be called in regular intervals. */
    List<ShareEffect> tick(long now) {
        if (!connected || phase == SharePhase.GONE) {
            return take();
        }
        if (silence.isOver(now)) {
            originatorGone();
        } else {
            lookForFiles();
            if (!isClosing() || closing.owesFarewell()) {
                add(new ShareEffect.Beat(files.running()));
            }
        }
        return settled();
    }

    /** The connection stands (again). */
    List<ShareEffect> connected(long now) {
        connected = true;
        silence.heard(now); // all clocks of silence start anew
        if (phase == SharePhase.READY) {
            add(new ShareEffect.Wake());
        }
        return take();
    }

    /** The connection is lost. What runs goes on. */
    void disconnected() {
        connected = false;
    }

    private void lookForFiles() {
        add(new ShareEffect.Refill());
        if (phase == SharePhase.READY) {
            add(new ShareEffect.Wake());
        }
    }

    private void originatorGone() {
        if (!isClosing()) {
            String silent = "nothing was heard of its originator for "
                    + rules.patience().toSeconds() + " s";
            add(new ShareEffect.Problem("Run " + rules.name() + " is abandoned: " + silent));
            closing.mayRejoin(true);
            add(new ShareEffect.DeleteEntities());
            end(null, true);
        }
    }

    // ---- the end

    /** The run is over: ends well, then says so. */
    List<ShareEffect> finish() {
        if (!isClosing()) {
            closing.sayWhenClosed(Ending.DONE);
            // What still runs is of no interest any more; the other workers get their closing callbacks.
            Set<Integer> stale = files.slots();
            end(null, false);
            closing.kill(stale);
        }
        return settled();
    }

    /** The run is cancelled: stops its processes at once. */
    List<ShareEffect> cancel() {
        if (!isClosing()) {
            closing.sayWhenClosed(Ending.DONE);
        }
        closing.limit(rules.owesEveryFinish() ? ShareClosing.GORGON_CANCEL_LIMIT : ShareClosing.CANCEL_LIMIT);
        end(null, true);
        return settled();
    }

    /**
     * The listener shuts down: hands everything back at once.
     *
     * @param limit for each closing callback
     */
    List<ShareEffect> shutDown(Duration limit) {
        closing.limit(limit);
        end(isClosing() ? null : Ending.SHUTDOWN, true);
        return settled();
    }

    /**
     * What {@link ShareEffect.Close} asked for is done.
     *
     * @param failure what failed meanwhile; null if nothing did
     */
    List<ShareEffect> closed(Ending failure) {
        if (closing.end(failure)) {
            phase = SharePhase.GONE;
        }
        return take();
    }

    private void fail(Ending why) {
        if (isClosing()) {
            closing.unprepared(why);
            return;
        }
        closing.mayRejoin(false);
        add(new ShareEffect.Problem("This listener leaves run " + rules.name() + ": " + why.problem()));
        boolean startedMayEnd = rules.owesEveryFinish();
        Set<Integer> unstarted = files.unstarted();
        end(why, !startedMayEnd);
        if (startedMayEnd) {
            closing.kill(unstarted);
        }
    }

    /**
     * Takes no more files and closes.
     *
     * @param now what to tell the originator at once; null for nothing
     * @param kill whether to kill what runs
     */
    private void end(Ending now, boolean kill) {
        if (phase == SharePhase.GONE) {
            return;
        }
        if (phase != SharePhase.CLOSING) {
            phase = SharePhase.CLOSING;
            files.settleAll();
            add(new ShareEffect.Leave());
            if (now != null) {
                add(new ShareEffect.TellLeft(now));
            }
        }
        if (kill) {
            closing.killAll();
        }
    }

    /** After every input: whether the workers can be closed by now, and what is to be done. */
    private List<ShareEffect> settled() {
        if (phase == SharePhase.CLOSING && preparationEnded && files.isEmpty()) {
            closing.begin();
        }
        return take();
    }

    private void add(ShareEffect effect) {
        effects.add(effect);
    }

    private List<ShareEffect> take() {
        List<ShareEffect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    SharePhase phase() {
        return phase;
    }

    /** Whether it takes no more files and only has to come to its end, or has. */
    boolean isClosing() {
        return phase == SharePhase.CLOSING || phase == SharePhase.GONE;
    }

    /** The files that its slots have. */
    FilesInSlots files() {
        return files;
    }
}
