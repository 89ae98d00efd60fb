package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that stand for the classes of a build. Which classes each stands for is written down in the build's output,
 * by execution or task, and travels with the tree: the junit runner reads it there.
 */
final class ToldFiles {
    private final Path root;
    private final String output;
    private final String lists;
    private final CollectedTests collected;

    /**
     * Removes what an earlier build has written down.
     *
     * @param root the build's root, absolute and without links in it
     * @param output the directory of the build's output, relative to the root
     * @param collected knows which files others have, and takes warnings
     */
    ToldFiles(Path root, String output, CollectedTests collected) throws IOException {
        this.root = root;
        this.collected = collected;
        this.output = output;
        lists = output + "/tests";
        if (Files.isDirectory(root.resolve(lists))) {
            DirectoryTree.delete(root.resolve(lists));
        }
    }

    /**
     * The classes by the file that stands for them: their source, or where there is none, or something else runs that
     * already, the class file, or where that is run, too, or is a dependency's, an empty file of its name in the build's output.
     *
     * @param name what runs them, for people
     * @param work the directory that they run in
     */
    Map<TestFile, List<String>> of(String name, Path work, List<FoundClass> found) throws IOException {
        Map<TestFile, List<String>> files = new LinkedHashMap<>();
        for (FoundClass each : found) {
            TestFile source = fileBelow(work, each.source());
            TestFile chosen = source != null && !collected.has(source)
                    ? source
                    : each.file() == null ? again(name, work, each) : fileBelow(work, each.file());
            if (chosen == null) {
                collected.warn("Left out " + each.name() + " of " + name + ": it is outside of " + work);
            } else {
                files.computeIfAbsent(
                                collected.has(chosen) ? again(name, work, each) : chosen, file -> new ArrayList<>())
                        .add(each.name());
            }
        }
        return files;
    }

    /** Stands for a class that has no file of its own here, or that others run by its source and by its class file. */
    private TestFile again(String name, Path work, FoundClass found) throws IOException {
        Path file = work.resolve(output)
                .resolve("again")
                .resolve(name.replaceAll("[^\\w.-]+", "_"))
                .resolve(found.name().replace('.', '/') + ".class");
        if (!Files.isRegularFile(file)) {
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        return new TestFile(CollectedTests.relative(root, file));
    }

    private TestFile fileBelow(Path work, Path file) {
        return file != null && file.startsWith(work) ? new TestFile(CollectedTests.relative(root, file)) : null;
    }

    /**
     * Writes down which classes each file stands for.
     *
     * @param name the list's name
     * @param work the directory that they run in
     * @return the option of a JVM that names the list
     */
    String option(String name, Path work, Map<TestFile, List<String>> files) throws IOException {
        StringBuilder lines = new StringBuilder();
        files.forEach((file, classes) -> {
            String path = CollectedTests.relative(work, root.resolve(file.path()));
            classes.forEach(each -> lines.append(path).append('\t').append(each).append('\n'));
        });
        try (OutputStream out =
                PlainFile.anew(Files.createDirectories(root.resolve(lists)).resolve(name + ".txt"))) {
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        return "-Ddistributedtest.classes=" + SubProject.WORKSPACE + "/" + lists + "/" + name + ".txt";
    }
}
