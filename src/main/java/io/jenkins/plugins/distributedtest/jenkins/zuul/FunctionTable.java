package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which names Zuul may ask for, and which job each of them means: {@code JOB}, and {@code JOB:LABEL} for each label of
 * the job that a node has. Names are compared letter by letter, upper and lower case apart.
 */
final class FunctionTable {
    /** Serves no job. */
    static final FunctionTable EMPTY = new FunctionTable(new LinkedHashMap<>(), List.of());

    private final Map<String, Target> targets;
    private final List<String> problems;

    /**
     * What a name means.
     *
     * @param job the job
     * @param label the label that is asked for; null for none
     */
    record Target(JenkinsJob job, String label) {
        Placement placement() {
            return Placement.of(job, label);
        }
    }

    private FunctionTable(Map<String, Target> targets, List<String> problems) {
        this.targets = targets;
        this.problems = List.copyOf(problems);
    }

    /** Names the jobs. The same jobs give the same table, in whatever order they come. */
    static FunctionTable of(Collection<JenkinsJob> jobs, NameScheme scheme) {
        Map<String, JenkinsJob> sorted = new TreeMap<>();
        jobs.forEach(job -> sorted.put(job.fullName(), job));
        List<String> problems = new ArrayList<>();
        Map<String, Target> targets = new LinkedHashMap<>();
        Map<String, String> names = names(sorted.values(), scheme, problems);
        for (JenkinsJob job : sorted.values()) {
            String name = names.get(job.fullName());
            add(targets, name, new Target(job, null), problems);
            job.atoms().stream()
                    .sorted()
                    .forEach(atom -> add(targets, name + ":" + atom, new Target(job, atom), problems));
        }
        return new FunctionTable(targets, problems);
    }

    private static void add(Map<String, Target> targets, String name, Target target, List<String> problems) {
        Target before = targets.putIfAbsent(name, target);
        if (before != null) {
            problems.add("'" + name + "' means the job '" + before.job().fullName() + "' already, so the job '"
                    + target.job().fullName() + "' is not served by it");
        }
    }

    private static Map<String, String> names(Collection<JenkinsJob> jobs, NameScheme scheme, List<String> problems) {
        Map<String, List<JenkinsJob>> byShort =
                jobs.stream().collect(Collectors.groupingBy(JenkinsJob::shortName, TreeMap::new, Collectors.toList()));
        Map<String, String> names = new LinkedHashMap<>();
        jobs.forEach(job -> names.put(job.fullName(), job.fullName()));
        if (scheme == NameScheme.FULL) {
            return names;
        }
        byShort.forEach((name, sharing) -> {
            List<JenkinsJob> winners = sharing.size() == 1
                    ? sharing
                    : sharing.stream().filter(JenkinsJob::isTop).toList();
            winners.forEach(job -> names.put(job.fullName(), name));
            if (sharing.size() > 1) {
                problems.add(
                        "The jobs " + sharing.stream().map(JenkinsJob::fullName).toList() + " share the name '" + name
                                + "': those in folders are served by their full names");
            }
        });
        return names;
    }

    /** All names, in an order that stays. */
    Set<String> names() {
        return Collections.unmodifiableSet(targets.keySet());
    }

    /** All names with what they mean. */
    Map<String, Target> targets() {
        return Collections.unmodifiableMap(targets);
    }

    /**
     * What a request means.
     *
     * @param job the job's name as Zuul sent it
     * @param label the label as Zuul sent it; null for none
     * @return null if nothing, which happens when the job has just gone
     */
    Target target(String job, String label) {
        return targets.get(label == null ? job : job + ":" + label);
    }

    /** Problems for the status page: names that more than one job would have. */
    List<String> problems() {
        return problems;
    }
}
