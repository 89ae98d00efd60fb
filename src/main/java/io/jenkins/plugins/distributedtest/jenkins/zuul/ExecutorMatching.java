package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which free executors are claimed, when each build may run on some nodes only. A build that could run on two nodes is
 * assumed to go to the one that leaves room for another: a bipartite matching, kept by augmenting paths.
 */
final class ExecutorMatching {
    private final Map<String, Integer> free = new HashMap<>();
    private final Map<String, List<Set<String>>> taken = new HashMap<>();

    /**
     * Begins with no executor claimed.
     *
     * @param freeExecutors how many executors are free, by node
     */
    ExecutorMatching(Map<String, Integer> freeExecutors) {
        freeExecutors.forEach((node, count) -> {
            free.put(node, Math.max(0, count));
            taken.put(node, new ArrayList<>());
        });
    }

    /**
     * Claims an executor.
     *
     * @param nodes where the build may run
     * @return false if there is none for it; nothing has changed then
     */
    boolean take(Set<String> nodes) {
        Map<String, Step> steps = new LinkedHashMap<>();
        String end = search(nodes, steps);
        if (end == null) {
            return false;
        }
        String node = end;
        while (true) {
            Step step = steps.get(node);
            if (step.from() == null) {
                taken.get(node).add(nodes);
                return true;
            }
            taken.get(step.from()).remove(step.moved());
            taken.get(node).add(step.moved());
            node = step.from();
        }
    }

    /** Whether {@link #take} would find one. */
    boolean could(Set<String> nodes) {
        return search(nodes, new LinkedHashMap<>()) != null;
    }

    /** How a node is reached: by moving a build there from another; directly if {@code from} is null. */
    private record Step(String from, Set<String> moved) {}

    private String search(Collection<String> nodes, Map<String, Step> steps) {
        Deque<String> open = new ArrayDeque<>();
        for (String node : nodes) {
            if (free.containsKey(node)) {
                steps.put(node, new Step(null, null));
                open.add(node);
            }
        }
        while (!open.isEmpty()) {
            String node = open.remove();
            if (taken.get(node).size() < free.get(node)) {
                return node;
            }
            for (Set<String> build : new HashSet<>(taken.get(node))) {
                for (String other : build) {
                    if (free.containsKey(other) && !steps.containsKey(other)) {
                        steps.put(other, new Step(node, build));
                        open.add(other);
                    }
                }
            }
        }
        return null;
    }
}
