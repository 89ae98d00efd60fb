package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The part of a {@link RunShare} that keeps account of the files which slots have: at most one per slot, and the claim
 * on each ends exactly once, by taking it out of the queue or by giving it back. A file that was given back is another
 * worker's: it is neither told as started nor as finished.
 */
final class FilesInSlots {
    private static final class Taken {
        private final String path;
        private final int lease;
        private boolean started;
        /** It has been here for long, so that its claim ends as soon as it is started. */
        private boolean runsLong;

        private boolean settled;
        private boolean givenBack;

        private Taken(String path, int lease) {
            this.path = path;
            this.lease = lease;
        }
    }

    private final Map<Integer, Taken> files = new TreeMap<>();
    private final Consumer<ShareEffect> effects;
    private long filesRun;

    /** @param effects where to put what is to be done */
    FilesInSlots(Consumer<ShareEffect> effects) {
        this.effects = effects;
    }

    /**
     * A slot has taken a file.
     *
     * @throws IllegalStateException if it has one already
     */
    void took(int slot, String path, int lease) {
        if (files.containsKey(slot)) {
            throw new IllegalStateException(
                    "Slot " + slot + " cannot take " + path + ": it has " + files.get(slot).path);
        }
        files.put(slot, new Taken(path, lease));
    }

    /**
     * The file of a slot begins.
     *
     * @param tell whether the originator wants to hear of it
     */
    void started(int slot, boolean tell) {
        Taken file = file(slot);
        if (file.started || file.givenBack) {
            return;
        }
        file.started = true;
        if (tell) {
            effects.accept(new ShareEffect.TellStarted(slot));
        }
        if (file.runsLong) {
            settle(slot, file);
        }
    }

    /** Nothing is to stay unacknowledged while a long file runs. */
    void runsLong(int slot) {
        Taken file = file(slot);
        file.runsLong = true;
        if (file.started) {
            settle(slot, file);
        }
    }

    /**
     * The file of a slot has ended, or was stopped before it began.
     *
     * @param tell whether the originator wants to hear of it
     */
    void ended(int slot, FileResult result, boolean tell) {
        Taken file = remove(slot);
        if (file.started) {
            filesRun++;
            effects.accept(new ShareEffect.Count(result));
            if (tell) {
                effects.accept(new ShareEffect.TellFinished(slot, result));
            }
        }
        settle(slot, file);
    }

    /**
     * The file of a slot cannot be run. One that was started is not given back: its originator knows that we had it,
     * and hands it out again.
     *
     * @param crashed what to tell of a file that was started; null for nothing
     */
    void unable(int slot, FileResult crashed) {
        Taken file = remove(slot);
        settle(slot, file); // first: the run's channels are closed next
        if (file.started && crashed != null) {
            effects.accept(new ShareEffect.TellFinished(slot, crashed));
        }
    }

    /** Ends all claims: of what was started the originator knows, the rest goes back. The files may run on. */
    void settleAll() {
        files.forEach(this::settle);
    }

    private void settle(int slot, Taken file) {
        if (!file.settled) {
            file.settled = true;
            file.givenBack = !file.started;
            effects.accept(new ShareEffect.Settle(slot, file.started));
        }
    }

    private Taken remove(int slot) {
        Taken file = file(slot);
        files.remove(slot);
        return file;
    }

    private Taken file(int slot) {
        Taken file = files.get(slot);
        if (file == null) {
            throw new IllegalStateException("Slot " + slot + " has no file");
        }
        return file;
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    /** The slots that have a file. */
    Set<Integer> slots() {
        return Set.copyOf(files.keySet());
    }

    /** Whether a slot has a file that has begun. */
    boolean isStarted(int slot) {
        return files.containsKey(slot) && files.get(slot).started;
    }

    /** The slots whose file has not begun. */
    Set<Integer> unstarted() {
        return files.entrySet().stream()
                .filter(each -> !each.getValue().started)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a slot has a file under this very lease. Ruby originators, whose files have lease 0, use none. */
    boolean contains(String path, int lease) {
        return lease > 0 && files.values().stream().anyMatch(file -> file.lease == lease && file.path.equals(path));
    }

    /** The paths of the files that slots have. */
    Collection<String> paths() {
        return files.values().stream().map(file -> file.path).toList();
    }

    /** The files that have begun. */
    List<NativeMessage.Heartbeat.Running> running() {
        List<NativeMessage.Heartbeat.Running> list = new ArrayList<>();
        files.forEach((slot, file) -> {
            if (file.started) {
                list.add(new NativeMessage.Heartbeat.Running(slot, file.path, file.lease));
            }
        });
        return list;
    }

    /** How many files have been run. */
    long filesRun() {
        return filesRun;
    }
}
