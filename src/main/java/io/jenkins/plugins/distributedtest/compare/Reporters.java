package io.jenkins.plugins.distributedtest.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Our reporters for the frameworks whose own reports do not tell enough, which lie beside this class. */
final class Reporters {
    /** Vitest 3 asks Vite for a reporter, which refuses files outside of the project unless they are of a package. */
    static final String VITEST = "node_modules/vitest_reporter.mjs";

    /** Where they are written; each lies here by its name alone. */
    private static final List<String> FILES = List.of(
            "ava_command.mjs",
            "django_reporter.py",
            "jest_reporter.cjs",
            "load_tests.rb",
            "minitest_report.rb",
            "mocha_files.cjs",
            "mocha_reporter.cjs",
            "node_reporter.mjs",
            "playwright_reporter.mjs",
            "rails_reports.rb",
            "rake_loader.rb",
            "rake_reports.rb",
            "report_lines.rb",
            "ruby_reports.rb",
            "test_unit_runner.rb",
            "unittest_reporter.py",
            "unittest_results.py",
            VITEST);

    /** What our side has as well: how the methods of a test runner of Django's are wrapped. */
    private static final String DJANGO_HOOK = "distributed_test_django_hook.py";

    private Reporters() {}

    /**
     * Writes them below a directory.
     *
     * @return where they are
     * @throws IOException if they cannot be written
     */
    static Path unpack(Path directory) throws IOException {
        Path tools = directory.resolve("reporters");
        for (String name : FILES) {
            copy(name.substring(1 + name.lastIndexOf('/')), tools.resolve(name));
        }
        copy("/io/jenkins/plugins/distributedtest/runner/python/" + DJANGO_HOOK, tools.resolve(DJANGO_HOOK));
        return tools;
    }

    private static void copy(String resource, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (InputStream in = Reporters.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("This build of distributed-test lacks " + resource);
            }
            Files.copy(in, file);
        }
    }
}
