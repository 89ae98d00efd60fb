package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Tests that a Python package brings by its {@code __init__.py}, which no glob of test files names:
 * {@code python -m unittest discover} loads every package below the directory it starts in, and runs the tests that it
 * finds there, those of its {@code load_tests} included.
 */
public final class UnittestPackages {
    /** The file that makes a directory a package. */
    static final String INIT = "__init__.py";

    private static final Pattern MAY_HAVE_TESTS =
            Pattern.compile("\\bload_tests\\b|TestCase\\b|import\\s.*[Tt]est|from\\s.*[Tt]est.*\\simport\\s");
    /** Longer ones are not looked into; discovery is about small files. */
    private static final int LONGEST = 1 << 20;

    private UnittestPackages() {}

    /**
     * The packages that may bring tests, below each directory that modules of a suite's unittest files are named from.
     *
     * @param tree the tree
     * @param settings how files are run
     * @param suite the suite
     * @return their {@code __init__.py}, sorted, without those that are in the suite
     * @throws IOException if a directory cannot be read
     */
    public static List<TestFile> of(Path tree, RunnerSettings settings, Collection<TestFile> suite) throws IOException {
        TreeSet<Path> bases = new TreeSet<>();
        for (TestFile file : suite) {
            if (SuiteRunners.isRunBy(RunnerKind.UNITTEST.label(), settings, file)) {
                bases.add(base(tree, tree.resolve(file.path()).getParent()));
            }
        }
        List<TestFile> packages = new ArrayList<>();
        for (Path base : bases) {
            collect(tree, base, packages);
        }
        packages.removeAll(suite);
        return packages.stream().distinct().sorted().toList();
    }

    /**
     * The directory that the modules of a directory are named from: the nearest that is no package, itself or above it.
     *
     * @param top the search ends here at the latest
     * @param directory the directory, at or below {@code top}
     */
    public static Path base(Path top, Path directory) {
        Path at = directory;
        while (!at.equals(top) && Files.isRegularFile(at.resolve(INIT))) {
            at = at.getParent();
        }
        return at;
    }

    private static boolean isPackage(Path directory) {
        return Files.isRegularFile(directory.resolve(INIT), LinkOption.NOFOLLOW_LINKS);
    }

    private static void collect(Path tree, Path directory, List<TestFile> into) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path each : entries) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS) && isPackage(each)) {
                    String text = text(each.resolve(INIT));
                    if (MAY_HAVE_TESTS.matcher(text).find()) {
                        into.add(new TestFile(
                                tree.relativize(each.resolve(INIT)).toString().replace('\\', '/')));
                    }
                    if (!text.contains("load_tests")) {
                        collect(tree, each, into); // else it decides about all below it
                    }
                }
            }
        }
    }

    private static String text(Path file) throws IOException {
        return Files.size(file) > LONGEST
                ? ""
                : new String(PlainFile.bytes(file, LONGEST), StandardCharsets.ISO_8859_1);
    }
}
