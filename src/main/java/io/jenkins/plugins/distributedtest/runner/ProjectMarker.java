package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What makes a directory a project, by the files that the tools of a language go by. */
enum ProjectMarker {
    /** A bundle, RSpec's options, or a gem. */
    RUBY {
        @Override
        boolean isIn(Path directory) throws IOException {
            if (hasOne(directory, List.of("Gemfile", "gems.rb", ".rspec"))) {
                return true;
            }
            try (DirectoryStream<Path> gemspecs = Files.newDirectoryStream(directory, "*.gemspec")) {
                return gemspecs.iterator().hasNext();
            }
        }
    },
    /** A configuration of pytest, by its own rule (its documentation on {@code rootdir} and {@code inifile}). */
    PYTEST {
        @Override
        boolean isIn(Path directory) throws IOException {
            return hasOne(directory, List.of("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"))
                    || holds(directory.resolve("pyproject.toml"), "(?m)^\\s*\\[tool\\.pytest[.\\]]")
                    || holds(directory.resolve("tox.ini"), "(?m)^\\[pytest]")
                    || holds(directory.resolve("setup.cfg"), "(?m)^\\[tool:pytest]");
        }
    },
    /** A package of Python. */
    PACKAGE {
        @Override
        boolean isIn(Path directory) {
            return hasOne(directory, List.of("pyproject.toml", "setup.py", "setup.cfg"));
        }
    },
    /** A project of Django's: its {@code manage.py}, or a script in its place that calls Django's test runner. */
    DJANGO {
        @Override
        boolean isIn(Path directory) throws IOException {
            if (holds(directory.resolve("manage.py"), "django")) {
                return true;
            }
            for (String each : List.of("runtests.py", "tests/runtests.py", "run_tests.py")) {
                if (holds(
                        directory.resolve(each),
                        "django[\\s\\S]*(?:get_runner|DiscoverRunner|execute_from_command_line)")) {
                    return true;
                }
            }
            return false;
        }
    },
    /** A package of Node that has a test script. */
    NODE {
        @Override
        boolean isIn(Path directory) throws IOException {
            Path file = directory.resolve("package.json");
            if (!Files.isRegularFile(file)) {
                return false;
            }
            String script =
                    Json.PLAIN.readTree(head(file)).path("scripts").path("test").asText("");
            return !script.isBlank() && !script.contains("no test specified"); // which is what npm init writes
        }
    },
    /** A module of Go: what is below it is its own up to the next one, whatever directories are called. */
    GO {
        @Override
        boolean isIn(Path directory) {
            return hasOne(directory, List.of("go.mod"));
        }

        @Override
        boolean endsAt(String name) {
            return false;
        }
    },
    /** A build of Maven or Gradle, or a module of one. */
    BUILD {
        @Override
        boolean isIn(Path directory) {
            return hasOne(directory, List.of("pom.xml", "build.gradle", "build.gradle.kts"));
        }

        @Override
        boolean endsAt(String name) {
            return name.equals("src") || name.equals("target");
        }
    };

    /** Below these a project keeps its own tests and their data. */
    private static final Set<String> TESTS =
            Set.of("spec", "test", "tests", "__tests__", "features", "fixtures", "testdata", "node_modules", "vendor");

    private static final int READ = 1 << 20;

    /** Whether it is in this directory. */
    abstract boolean isIn(Path directory) throws IOException;

    /** Whether a directory of this name belongs to the project around it, with all that is below. */
    boolean endsAt(String name) {
        return TESTS.contains(name);
    }

    /** Whether it is in a directory that is there and is no link; what cannot be read marks nothing. */
    final boolean marks(Path directory) {
        try {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && isIn(directory);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasOne(Path directory, List<String> names) {
        return names.stream().anyMatch(name -> Files.isRegularFile(directory.resolve(name)));
    }

    private static boolean holds(Path file, String pattern) throws IOException {
        return Files.isRegularFile(file)
                && Pattern.compile(pattern)
                        .matcher(new String(head(file), StandardCharsets.UTF_8))
                        .find();
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = PlainFile.open(file)) {
            return in.readNBytes(READ);
        }
    }
}
