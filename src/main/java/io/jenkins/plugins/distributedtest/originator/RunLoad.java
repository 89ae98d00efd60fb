package io.jenkins.plugins.distributedtest.originator;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What there is to do in a run at a moment: for whoever gives it listeners.
 *
 * @param queued files that a worker could begin, in the order in which they are given out, each with its recorded runtime
 *     in seconds (0 for none)
 * @param running how many files each listener runs, by its id; those that run none are not in it
 * @param listeners the ids of the listeners that take part or prepare to
 */
public record RunLoad(Map<String, Double> queued, Map<String, Integer> running, Set<String> listeners) {
    /** Of all files of a run. */
    static RunLoad of(Collection<FileState> files, Set<String> listeners) {
        Map<String, Double> queued = new LinkedHashMap<>();
        Map<String, Integer> running = new HashMap<>();
        for (FileState file : files) {
            if (file.phase == FileState.Phase.QUEUED) {
                queued.put(file.file.path(), file.expected);
            } else if (file.phase == FileState.Phase.RUNNING) {
                running.merge(file.holder.listener(), 1, Integer::sum);
            }
        }
        return new RunLoad(queued, running, listeners);
    }
}
