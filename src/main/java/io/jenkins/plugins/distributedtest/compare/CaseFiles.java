package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Tells which file a case of a project's own command belongs to, as far as its report lets us know. */
final class CaseFiles {
    /** The name of a case that stands for a file as a whole: it does not load, or left all its tests out. */
    static final String WHOLE = "(file)";

    private final Path tree;
    private final Set<TestFile> suite;
    private final Map<String, TestFile> byDots = new HashMap<>();
    private final Map<String, TestFile> byClass = new HashMap<>();
    private final Map<String, Map<TestFile, ComparedCase>> ungrouped = new HashMap<>();

    /**
     * @param tree the tree
     * @param suite the suite
     */
    CaseFiles(Path tree, Collection<TestFile> suite) {
        this.tree = tree;
        this.suite = Set.copyOf(suite);
        for (TestFile file : suite) {
            byDots.put(dotted(file.path()), file);
        }
    }

    /** Learns from the cases of our run which files their classes are of. */
    void learn(Collection<ComparedCase> ours) {
        ours.stream()
                .filter(each -> !each.group().isEmpty() && each.file() != null)
                .forEach(each -> byClass.putIfAbsent(each.runner() + "\0" + each.group(), each.file()));
        ours.stream()
                .filter(CaseFiles::isNodesWithoutGroup)
                .forEach(each -> ungrouped
                        .computeIfAbsent(each.name(), name -> new HashMap<>())
                        .put(each.file(), each));
    }

    /** A test of Node's that stands in no group is told by the file that defines it, or in our run that it belongs to. */
    private static boolean isNodesWithoutGroup(ComparedCase each) {
        return each.runner().equals("node")
                && each.file() != null
                && !each.group().isEmpty()
                && ("/" + each.file().path()).endsWith("/" + each.group());
    }

    /**
     * A case of the project's own command with a file of the suite, if only what was learnt tells it: a test may lie in a
     * file that others share.
     */
    ComparedCase refined(ComparedCase each) {
        if (isNodesWithoutGroup(each) && !suite.contains(each.file())) {
            Map<TestFile, ComparedCase> known = ungrouped.getOrDefault(each.name(), Map.of());
            return known.size() == 1 ? placed(each, known.values().iterator().next()) : each;
        }
        TestFile known = byClass.get(each.runner() + "\0" + each.group());
        return known == null || each.file() != null && suite.contains(each.file()) ? each : each.of(known);
    }

    private static ComparedCase placed(ComparedCase each, ComparedCase ours) {
        return each.of(ours.file()).called(ours.group(), each.name());
    }

    /** A path with dots for slashes and without its ending. */
    static String dotted(String path) {
        int slash = path.lastIndexOf('/');
        int dot = path.lastIndexOf('.');
        return (dot > slash + 1 ? path.substring(0, dot) : path).replace('/', '.');
    }

    /**
     * A case with its file, and with the name that stands for a whole file put the same on both sides.
     *
     * @param command the command that told of it
     * @param told the case as told
     * @param path its file's path as told, relative to the command's directory; null or empty if none was told
     */
    ComparedCase settled(OwnCommand command, ComparedCase told, String path) {
        TestFile file = path == null || path.isEmpty() ? fileOf(command, told) : inTree(command, path);
        boolean whole = told.name().equals(WHOLE);
        String group = whole && file != null ? dotted(file.path()) : told.group();
        return new ComparedCase(told.runner(), file, group, told.name(), told.status(), told.message());
    }

    private TestFile inTree(OwnCommand command, String path) {
        Path file = command.directory().resolve(path).normalize();
        return file.startsWith(tree) ? test(tree.relativize(file).toString().replace('\\', '/')) : null;
    }

    private static TestFile test(String path) {
        try {
            return new TestFile(path);
        } catch (IllegalArgumentException e) {
            return null; // no name that a file of a suite may have
        }
    }

    private TestFile fileOf(OwnCommand command, ComparedCase told) {
        return switch (command.runner()) {
            case "pytest" -> ofModule(command, told.group());
            case "junit", ComparedCase.ANY -> ofClass(told.group());
            default -> null;
        };
    }

    /** The longest part of a dotted name that is a Python file. */
    private TestFile ofModule(OwnCommand command, String group) {
        String prefix = command.project().isEmpty() ? "" : command.project().replace('/', '.') + ".";
        for (String at = group; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
            TestFile known = byDots.get(prefix + at);
            if (known != null) {
                return known;
            }
            String path = at.replace('.', '/') + ".py";
            if (Files.isRegularFile(command.directory().resolve(path))) {
                return inTree(command, path);
            }
        }
        return null;
    }

    private TestFile ofClass(String group) {
        String outer = group.contains("$") ? group.substring(0, group.indexOf('$')) : group;
        return byDots.entrySet().stream()
                .filter(each -> each.getKey().equals(outer) || each.getKey().endsWith("." + outer))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
