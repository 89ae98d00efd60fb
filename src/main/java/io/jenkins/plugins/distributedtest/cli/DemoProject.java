package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigFile;
import io.jenkins.plugins.distributedtest.config.ConfigTemplate;
import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.Runners;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The sample that {@code demo} runs, unpacked, compiled and configured for the frameworks of this host. */
final class DemoProject {
    private static final String MARKER = ".distributed-test-demo";
    private static final String EXPECTED = "expected-failures.txt";
    /**
     * Globs by runner. Node's come last: the longest files are among them, where a suite that is not ordered is worst.
     */
    private static final Map<String, String> GLOBS = globs();

    private final Path directory;
    private final Set<String> runners;

    private DemoProject(Path directory, Set<String> runners) {
        this.directory = directory;
        this.runners = runners;
    }

    private static Map<String, String> globs() {
        Map<String, String> globs = new LinkedHashMap<>();
        globs.put("junit", "src/test/java/**/*Test.java");
        globs.put("pytest", "pricing/tests/test_*.py");
        globs.put("rspec", "spec/*_spec.rb");
        globs.put("minitest", "reports/*_test.rb");
        globs.put("node", "web/test/*.test.mjs");
        return globs;
    }

    /**
     * Unpacks the sample.
     *
     * @param wanted where to; null for a new directory for temporary files
     * @throws CliException if the directory is somebody else's, or the host lacks what the sample needs
     */
    static DemoProject create(Path wanted) throws CliException, IOException, RunnerException {
        Set<String> runners = new TreeSet<>(Runners.available());
        runners.retainAll(GLOBS.keySet());
        if (!runners.contains("node")) {
            throw new CliException("The sample needs Node.js 18.17 or later, and there is no such `node` on the PATH."
                    + " Install it, on Debian and Ubuntu: sudo apt-get install nodejs");
        }
        DemoProject project = new DemoProject(prepared(wanted), runners);
        project.unpack();
        project.compile();
        project.configure();
        return project;
    }

    private static Path prepared(Path wanted) throws CliException, IOException {
        if (wanted == null) {
            return Files.createTempDirectory("distributed-test-demo-");
        }
        Path directory = wanted.toAbsolutePath().normalize();
        if (Files.exists(directory) && !Files.exists(directory.resolve(MARKER))) {
            try (Stream<Path> entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    throw new CliException(directory + " is neither empty nor an earlier demo's; choose another one.");
                }
            }
        } else if (Files.exists(directory)) {
            DirectoryTree.delete(directory);
        }
        Files.createDirectories(directory);
        Files.createFile(directory.resolve(MARKER));
        return directory;
    }

    private void unpack() throws IOException, CliException {
        try {
            URI source = DemoProject.class.getResource("demo/README.md").toURI();
            if (source.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(source, Map.of())) {
                    copy(jar.provider().getPath(source).getParent());
                }
            } else {
                copy(Path.of(source).getParent());
            }
        } catch (URISyntaxException e) {
            throw new CliException("Cannot find the sample: " + e.getMessage());
        }
    }

    private void copy(Path sample) throws IOException {
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = project().resolve(sample.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private void compile() throws CliException, IOException, RunnerException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new CliException("The sample needs a JDK, and this is only a JRE: " + System.getProperty("java.home")
                    + ". Install one, on Debian and Ubuntu: sudo apt-get install openjdk-17-jdk-headless");
        }
        Path classes = Files.createDirectories(project().resolve("target/test-classes"));
        String classPath =
                Runners.junitJars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath);
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
                Stream<Path> files = Files.walk(project().resolve("src"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            if (!compiler.getTask(messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
                    .call()) {
                throw new CliException("The sample does not compile:\n" + messages);
            }
        }
    }

    private void configure() throws IOException {
        List<String> files = GLOBS.entrySet().stream()
                .filter(each -> runners.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("project", "demo");
        values.put("files", files);
        String text = ConfigTemplate.of(List.of("Configuration of the demo's sample."), values);
        Files.writeString(project().resolve(ConfigFile.OURS.fileName()), text);
        Files.createDirectories(logs());
    }

    /** Where everything is. */
    Path directory() {
        return directory;
    }

    /** The sample's sources. */
    Path project() {
        return directory.resolve("project");
    }

    /** Where the output of the processes goes. */
    Path logs() {
        return directory.resolve("logs");
    }

    /** The frameworks that take part. */
    Set<String> runners() {
        return runners;
    }

    /**
     * The files that fail on purpose, of the frameworks that take part.
     *
     * @param suite the paths of the suite
     */
    Set<String> expectedFailures(Set<String> suite) throws IOException {
        List<String> all = new ArrayList<>(Files.readAllLines(project().resolve(EXPECTED)));
        all.removeIf(path -> !suite.contains(path));
        return new TreeSet<>(all);
    }
}
