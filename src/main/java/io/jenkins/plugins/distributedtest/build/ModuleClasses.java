package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.ClassFile;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The test classes that an execution of a Maven build's test plugins would run: as these find them, by the names of the
 * compiled classes.
 *
 * @param found those that are no interfaces and not abstract, in the order of their names
 * @param directories where test sources are, relative to the module
 * @param packages those of the classes
 */
record ModuleClasses(List<FoundClass> found, List<String> directories, Set<String> packages) {
    /** Copies the collections. */
    ModuleClasses {
        found = List.copyOf(found);
        directories = List.copyOf(directories);
        packages = Set.copyOf(packages);
    }

    /**
     * Finds them.
     *
     * @throws SuiteException if a pattern is malformed; the message names it
     */
    static ModuleClasses of(TestExecution execution) throws IOException, SuiteException {
        TestClassPatterns patterns;
        try {
            patterns = TestClassPatterns.of(execution);
        } catch (IllegalArgumentException e) {
            throw new SuiteException(execution + ": " + e.getMessage(), e);
        }
        Path module = execution.module().toRealPath();
        Set<Path> directories = directories(execution, module);
        SourceFiles sources = SourceFiles.in(directories);
        List<FoundClass> found = new ArrayList<>();
        Set<String> packages = new TreeSet<>();
        Path classes = Path.of(execution.text("testClassesDirectory"));
        for (Path file : classFiles(classes)) {
            String path = CollectedTests.relative(classes.toRealPath(), file).replaceFirst("\\.class$", "");
            ClassFile read = patterns.takes(path) ? ClassFile.read(file) : null;
            if (read != null && read.isConcrete()) {
                found.add(new FoundClass(path.replace('/', '.'), file, sources.of(path, read)));
                if (path.contains("/")) {
                    packages.add(path.substring(0, path.lastIndexOf('/')).replace('/', '.'));
                }
            }
        }
        found.addAll(ScannedDependencies.of(execution, patterns, found));
        return new ModuleClasses(
                found,
                directories.stream()
                        .map(each -> CollectedTests.relative(module, each))
                        .toList(),
                packages);
    }

    /** All below a directory that need not be there, in the order of their names. */
    static List<Path> classFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(directory.toRealPath())) {
            return tree.filter(file -> file.toString().endsWith(".class") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The module's own roots of test sources, and what lies beside them and may have been compiled with them, such as
     * Kotlin's directory or that of an execution of the compiler of its own.
     */
    private static Set<Path> directories(TestExecution execution, Path module) throws IOException {
        Set<Path> all = new LinkedHashSet<>();
        List<String> roots = new ArrayList<>(execution.list("testSourceRoots"));
        roots.add(execution.text("testSourceDirectory"));
        for (String each : roots) {
            Path directory = Path.of(each);
            if (Files.isDirectory(directory) && directory.toRealPath().startsWith(module)) {
                all.add(directory.toRealPath());
            }
        }
        for (Path each : List.copyOf(all)) {
            if (each.getParent().startsWith(module.resolve("src"))) {
                try (Stream<Path> siblings = Files.list(each.getParent())) {
                    siblings.filter(Files::isDirectory)
                            .filter(sibling -> !sibling.endsWith("resources"))
                            .sorted()
                            .forEach(all::add);
                }
            }
        }
        return all;
    }
}
