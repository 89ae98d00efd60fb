package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lets what a build's tests need travel with the tree: jars from outside, such as those of the local Maven repository,
 * are put below a directory of the build's output, each in one that is named by its content, so that an unchanged one
 * travels once and has the name that automatic modules and engines are known by; and paths in options are made relative to
 * the workspace, which is elsewhere on a listener.
 */
final class ClassPathJars {
    private static final Pattern JAR = Pattern.compile("(?<![^\\s:=,\"'])/[^\\s:=,\"']+\\.jar");
    private static final int NAMED_BY = 12;

    private final Path root;
    private final String directory;
    private final Map<Path, String> inside = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    /**
     * @param root the tree, absolute and without links in it
     * @param output the directory of the build's output in which the jars shall be, relative to the root
     */
    ClassPathJars(Path root, String output) {
        this.root = root;
        directory = output + "/class-path";
    }

    /**
     * An entry of a class path, relative to the root.
     *
     * @return null if there is nothing at that place
     */
    String entry(Path entry) throws IOException {
        Path real = entry.normalize();
        if (real.startsWith(root)) {
            return isThere(real) ? root.relativize(real).toString().replace('\\', '/') : null;
        }
        return Files.isRegularFile(real) ? brought(real) : null;
    }

    /**
     * The same as an absolute path on a listener.
     *
     * @return null if there is nothing at that place
     */
    String placed(Path entry) throws IOException {
        String inside = entry(entry);
        return inside == null ? null : SubProject.WORKSPACE + "/" + inside;
    }

    /** An empty directory does not travel, and is of no use. */
    private static boolean isThere(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Files.isRegularFile(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.anyMatch(Files::isRegularFile);
        }
    }

    private String brought(Path jar) throws IOException {
        String known = inside.get(jar);
        if (known != null) {
            return known;
        }
        String digest = Sha256.of(jar).toString().substring(0, NAMED_BY);
        String name = directory + "/" + digest + "/" + jar.getFileName();
        Path target = root.resolve(name);
        if (!Files.isRegularFile(target)) {
            DirectoryTree.delete(target.getParent());
            Files.copy(jar, Files.createDirectories(target.getParent()).resolve(jar.getFileName()));
        }
        used.add(digest);
        inside.put(jar, name);
        return name;
    }

    /** A text with the paths in it as they are on a listener: those of the root, and of jars outside, such as agents'. */
    String relocated(String text) throws IOException {
        Matcher matcher = JAR.matcher(text.replace(root + "/", SubProject.WORKSPACE + "/"));
        StringBuilder whole = new StringBuilder();
        while (matcher.find()) {
            Path jar = Path.of(matcher.group());
            String there = Files.isRegularFile(jar) ? SubProject.WORKSPACE + "/" + brought(jar) : matcher.group();
            matcher.appendReplacement(whole, Matcher.quoteReplacement(there));
        }
        String relocated = matcher.appendTail(whole).toString();
        return relocated.equals(root.toString()) ? SubProject.WORKSPACE : relocated;
    }

    /** Removes jars that an earlier build has left and this one does not need. */
    void tidy() throws IOException {
        Path all = root.resolve(directory);
        if (!Files.isDirectory(all)) {
            return;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(all)) {
            for (Path each : jars) {
                if (!used.contains(each.getFileName().toString())) {
                    DirectoryTree.delete(each);
                }
            }
        }
    }
}
