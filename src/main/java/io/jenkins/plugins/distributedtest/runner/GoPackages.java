package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Packages of Go as files of a suite. Go compiles and tests a package as a whole, in one process, so a package is what is
 * handed out. It stands in the suite by one of its files: the first, by name, of its test files, or of all its files
 * where it has no tests (such a package is compiled and looked at by {@code go vet}, as {@code go test} does). Whichever of
 * its files is named, found by a glob, or has changed, it is that one, once.
 */
public final class GoPackages {
    private static final String TESTS = "_test.go";
    private static final String GO = RunnerKind.GO.label();

    private GoPackages() {}

    /**
     * A suite with each file of Go replaced by the one that stands for its package.
     *
     * @param tree the tree
     * @param settings which runner takes which file
     * @param suite the suite
     * @return the suite without packages that no pattern of Go's names ({@code vendor}, {@code testdata}, directories that
     *     begin with {@code _} or a dot), of which it warns
     * @throws SuiteException if nothing but such was there
     * @throws IOException if a directory cannot be read
     */
    public static TestSuite of(Path tree, RunnerSettings settings, TestSuite suite) throws SuiteException, IOException {
        if (suite.files().stream().noneMatch(file -> isGo(file, settings))) {
            return suite;
        }
        Set<TestFile> files = new LinkedHashSet<>();
        List<TestFile> leftOut = new ArrayList<>();
        Map<String, TestFile> units = new HashMap<>();
        for (TestFile file : suite.files()) {
            if (!isGo(file, settings)) {
                files.add(file);
            } else if (isPassedOver(file)) {
                leftOut.add(file);
            } else {
                String directory = directory(file);
                if (!units.containsKey(directory)) {
                    units.put(directory, unitIn(tree, directory));
                }
                TestFile unit = units.get(directory);
                files.add(unit == null ? file : unit); // a file that is gone may have been the last
            }
        }
        List<String> warnings = new ArrayList<>(suite.warnings());
        if (!leftOut.isEmpty()) {
            String told =
                    "./... of Go passes over packages below vendor, testdata, and directories that begin with _ or a"
                            + " dot, so they are left out: " + leftOut.get(0)
                            + (leftOut.size() > 1 ? " and " + (leftOut.size() - 1) + " more" : "");
            if (files.isEmpty()) {
                throw new SuiteException("There is nothing to run. " + told);
            }
            warnings.add(told);
        }
        return new TestSuite(List.copyOf(files), warnings);
    }

    private static boolean isGo(TestFile file, RunnerSettings settings) {
        return file.path().endsWith(".go") && SuiteRunners.isRunBy(GO, settings, file);
    }

    private static boolean isPassedOver(TestFile file) {
        String[] parts = file.path().split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            boolean hidden = parts[i].startsWith("_") || parts[i].startsWith(".");
            if (hidden || parts[i].equals("vendor") || parts[i].equals("testdata")) {
                return true;
            }
        }
        return false;
    }

    /** The directory of a file's package, with {@code /} between its parts; empty for the tree itself. */
    static String directory(TestFile file) {
        int slash = file.path().lastIndexOf('/');
        return slash < 0 ? "" : file.path().substring(0, slash);
    }

    /**
     * The file that stands for the package in a directory.
     *
     * @param tree the tree
     * @param directory relative to it, with {@code /} between its parts; empty for the tree itself
     * @return null if there is no file of Go
     * @throws IOException if the directory cannot be read
     */
    public static TestFile unitIn(Path tree, String directory) throws IOException {
        Path path = tree.resolve(directory);
        if (!Files.isDirectory(path)) {
            return null;
        }
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(path)) {
            files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".go") && !name.startsWith("_") && !name.startsWith("."))
                    .sorted()
                    .forEach(names::add);
        }
        String name = names.stream()
                .filter(each -> each.endsWith(TESTS))
                .findFirst()
                .orElse(names.isEmpty() ? null : names.get(0));
        return name == null ? null : new TestFile(directory.isEmpty() ? name : directory + "/" + name);
    }
}
