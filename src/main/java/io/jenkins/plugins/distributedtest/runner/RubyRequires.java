package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which test files of a suite may be required by others of it, by what the Ruby files beside them say. One process that
 * loads them all, as rake's test task has it, loads each once; here each brings its tests itself, wherever else it is
 * loaded. Too many named here do no harm: what is no file of the suite, or is not loaded by another, changes nothing.
 */
final class RubyRequires {
    /** Of more files than these, none is looked for: the list goes to each process, whose environment has a limit. */
    private static final int MAX = 500;

    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern REQUIRE =
            Pattern.compile("(?<![.\\w])(?:require|require_relative|load)\\b[ \\t(]+([^\\r\\n]*)");
    private static final Pattern LITERAL = Pattern.compile("([\"'])([^\"'#]+)\\1");

    private final Set<String> names = new HashSet<>();
    private boolean any;

    private RubyRequires() {}

    /**
     * The files, by their paths; sorted.
     *
     * @param workspace the tree
     * @param settings the suite's, settled
     * @param files the suite
     */
    static Set<String> among(Path workspace, RunnerSettings settings, List<TestFile> files) {
        List<TestFile> ruby =
                files.stream().filter(each -> RubySuite.isRakes(settings, each)).toList();
        if (ruby.size() < 2) {
            return Set.of();
        }
        RubyRequires requires = new RubyRequires();
        Set<Path> directories = new TreeSet<>();
        ruby.forEach(each -> directories.add(workspace.resolve(each.path()).getParent()));
        directories.forEach(requires::read);
        Set<String> required = new TreeSet<>();
        for (TestFile each : ruby) {
            if (requires.any || requires.names.contains(name(each.path()))) {
                required.add(each.path());
            }
        }
        return required.size() > MAX ? Set.of() : required;
    }

    private void read(Path directory) {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(each -> each.toString().endsWith(".rb")).forEach(files::add);
            for (Path each : files) {
                if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS) && Files.size(each) <= MAX_BYTES) {
                    read(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException e) {
            any = true; // what cannot be read is told when it is to be run; until then each may be required
        }
    }

    private void read(String text) {
        Matcher calls = REQUIRE.matcher(text);
        while (calls.find()) {
            Matcher literals = LITERAL.matcher(calls.group(1));
            boolean found = false;
            while (literals.find()) {
                found = true;
                names.add(name(literals.group(2)));
            }
            any |= !found; // a variable, such as of a loop over the directory
        }
    }

    /** The last part of a path, without Ruby's ending. */
    private static String name(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.endsWith(".rb") ? last.substring(0, last.length() - 3) : last;
    }
}
