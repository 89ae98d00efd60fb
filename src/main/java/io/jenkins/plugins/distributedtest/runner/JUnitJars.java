package io.jenkins.plugins.distributedtest.runner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Completes a project's class path by what the JUnit Platform needs: launcher, engines and what these need.
 *
 * <p>All parts must be of versions that go together: Jupiter and Vintage 5.x.y with Platform 1.x.y, and one number
 * for all from 6 on. So the versions on the project's path decide. A part of the bundled version is taken from here,
 * one of another version from the local Maven repository; one that is neither place is an error that names it. With
 * no JUnit on its path a project gets what is bundled.
 */
final class JUnitJars {
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^/]*)\\.jar");
    private static final String PLATFORM = "org.junit.platform";
    private static final String JUPITER = "org.junit.jupiter";

    private final Map<String, String> present = new HashMap<>();
    private final Map<String, Path> bundled = new HashMap<>();
    private final Path repository;

    JUnitJars(List<Path> project) throws RunnerException {
        this(project, Path.of(System.getProperty("user.home"), ".m2", "repository"));
    }

    JUnitJars(List<Path> project, Path repository) throws RunnerException {
        this.repository = repository;
        for (Path entry : project) {
            Matcher matcher = JAR.matcher(String.valueOf(entry.getFileName()));
            if (matcher.matches()) {
                present.putIfAbsent(matcher.group(1), matcher.group(2));
            }
        }
        for (Path jar : Bundled.jars("junit")) {
            bundled.put(jar.getFileName().toString(), jar);
        }
    }

    /**
     * What has to be before the project's own jars: JUnit 4 in the place of JUnit 3, which the JUnit Platform does not
     * run. It has all classes of JUnit 3.
     */
    List<Path> replacing() throws RunnerException {
        List<Path> jars = new ArrayList<>();
        if (present.getOrDefault("junit", "").startsWith("3.")) {
            present.remove("junit");
            addBundled(jars, "junit");
            addBundled(jars, "hamcrest-core");
            present.put("junit", bundledVersion("junit"));
        }
        return jars;
    }

    /**
     * The jars to add, in the order of the class path.
     *
     * @param vintage whether tests of JUnit 4 are to run beside those of Jupiter where the project brings no engine for them
     */
    List<Path> missing(boolean vintage) throws RunnerException {
        String platform = platformVersion();
        String jupiter = jupiterVersion(platform);
        boolean jupiterUsed = present.containsKey("junit-jupiter-api") || present.containsKey("junit-jupiter-engine");
        boolean vintageUsed = present.containsKey("junit-vintage-engine")
                || present.containsKey("junit") && (vintage || !jupiterUsed);
        boolean none = !jupiterUsed && !vintageUsed;
        List<Path> jars = new ArrayList<>();
        for (String part : List.of("junit-platform-launcher", "junit-platform-engine", "junit-platform-commons")) {
            add(jars, PLATFORM, part, platform);
        }
        if (jupiterUsed || none) {
            add(jars, JUPITER, "junit-jupiter-engine", jupiter);
            add(jars, JUPITER, "junit-jupiter-api", jupiter);
        }
        if (none) {
            add(jars, JUPITER, "junit-jupiter-params", jupiter);
        }
        if (vintageUsed || none) {
            add(jars, "org.junit.vintage", "junit-vintage-engine", jupiter);
        }
        addBundled(jars, "opentest4j");
        addBundled(jars, "apiguardian-api");
        if (none) {
            addBundled(jars, "junit");
            addBundled(jars, "hamcrest-core");
        }
        return jars;
    }

    /** From what is on the project's path; the bundled one if nothing of JUnit's Platform is. */
    private String platformVersion() throws RunnerException {
        for (String part : List.of("junit-platform-launcher", "junit-platform-engine", "junit-platform-commons")) {
            if (present.containsKey(part)) {
                return present.get(part);
            }
        }
        for (String part : List.of("junit-jupiter-api", "junit-jupiter-engine", "junit-vintage-engine")) {
            if (present.containsKey(part)) {
                return present.get(part).replaceFirst("^5\\.", "1.");
            }
        }
        return bundledVersion("junit-platform-launcher");
    }

    private String jupiterVersion(String platform) {
        String api = present.get("junit-jupiter-api");
        return api != null ? api : platform.replaceFirst("^1\\.", "5.");
    }

    private String bundledVersion(String artifact) throws RunnerException {
        for (String name : bundled.keySet()) {
            Matcher matcher = JAR.matcher(name);
            if (matcher.matches() && matcher.group(1).equals(artifact)) {
                return matcher.group(2);
            }
        }
        throw new RunnerException("This build of distributed-test lacks " + artifact, "", false);
    }

    private void addBundled(List<Path> jars, String artifact) throws RunnerException {
        if (!present.containsKey(artifact)) {
            jars.add(bundled.get(artifact + "-" + bundledVersion(artifact) + ".jar"));
        }
    }

    private void add(List<Path> jars, String group, String artifact, String version) throws RunnerException {
        if (present.containsKey(artifact)) {
            return;
        }
        String name = artifact + "-" + version + ".jar";
        Path local = repository
                .resolve(group.replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(name);
        if (bundled.containsKey(name)) {
            jars.add(bundled.get(name));
        } else if (Files.isRegularFile(local)) {
            jars.add(local);
        } else {
            throw new RunnerException(
                    "The project's class path has JUnit " + version + " without " + artifact
                            + ", which running it needs;"
                            + " it is not in " + repository + " either. Add the test dependency " + group + ":"
                            + artifact
                            + ":" + version + " to the project.",
                    "",
                    false);
        }
    }
}
