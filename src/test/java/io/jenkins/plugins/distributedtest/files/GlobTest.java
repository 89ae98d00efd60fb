package io.jenkins.plugins.distributedtest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    private static final Path RUBY = Path.of("/usr/bin/ruby");

    @TempDir
    Path project;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec/**/*_spec.rb        | spec/a_spec.rb           | true
            spec/**/*_spec.rb        | spec/x/y/a_spec.rb       | true
            spec/**/*_spec.rb        | spec/x/y/a_test.rb       | false
            spec/*_spec.rb           | spec/x/a_spec.rb         | false
            **/*.rb                  | a.rb                     | true
            spec/**                  | spec/x/y/a_spec.rb       | true
            spec/**                  | spec/a_spec.rb           | true
            spec/**                  | spec/.hidden/a.rb        | false
            spec/**                  | a_spec.rb                | false
            **                       | x/a.rb                   | true
            **/*.rb                  | x/.hidden/a.rb           | false
            *.rb                     | .a.rb                    | false
            .*.rb                    | .a.rb                    | true
            test_?.py                | test_1.py                | true
            test_?.py                | test_10.py               | false
            test_[0-3x].py           | test_2.py                | true
            test_[!0-3x].py          | test_2.py                | false
            test_[^0-3].py           | test_x.py                | true
            {spec,test}/**/*.rb      | test/a/b.rb              | true
            a{b,{c,d}e}f             | adef                     | true
            a{b,{c,d}e}f             | acf                      | false
            {a,b                     | {a,b                     | true
            a\\*.rb                  | a*.rb                    | true
            a\\*.rb                  | ab.rb                    | false
            a**/b.rb                 | ax/b.rb                  | true
            a**/b.rb                 | ax/y/b.rb                | false
            ./spec//a.rb             | spec/a.rb                | true
            """)
    void matchesAsRubyDoes(String glob, String path, boolean expected) {
        assertThat(Glob.parse(glob.replace("\\\\", "\\")).matches(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/*", "../x", "a/../../x", "a[b", "a[]", "spec/", "{,a}", "."})
    void refusesWhatCannotBeMeantAndNamesIt(String glob) {
        assertThatThrownBy(() -> Glob.parse(glob))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Bad glob \"" + glob + "\": ");
    }

    @Test
    void doesNotExpandBracesWithoutEnd() {
        assertThatThrownBy(() -> Glob.parse("{a,b}".repeat(40))).hasMessageContaining("alternatives");
    }

    @Test
    void isFastOnPatternsThatInviteBacktracking() {
        Glob glob = Glob.parse("**/".repeat(30) + "*a".repeat(40) + "b");
        assertThat(glob.matches("a/".repeat(60) + "a".repeat(2000))).isFalse();
    }

    /** Without {@code **} at the end, which Ruby takes for {@code *}. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsWhatRubyFinds(long seed) throws Exception {
        assumeTrue(Files.isExecutable(RUBY), "/usr/bin/ruby, to compare with its Dir.glob, is not installed");
        Random random = new Random(seed);
        makeTree(project, random, 0);
        link("link", project.resolve("a"));
        link("b.rb", project.resolve("a.rb"));
        link("up", project);
        List<String> globs = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            globs.add(randomGlob(random));
        }
        List<TreeSet<String>> ruby = rubysDirGlob(globs);
        for (int i = 0; i < globs.size(); i++) {
            assertThat(found(globs.get(i)))
                    .as("seed %d, glob %s", seed, globs.get(i))
                    .isEqualTo(ruby.get(i));
        }
    }

    private TreeSet<String> found(String glob) throws Exception {
        return GlobWalk.of(project, List.of(Glob.parse(glob))).found().get(0);
    }

    private void link(String name, Path to) throws IOException {
        if (Files.exists(to) && !Files.exists(project.resolve(name))) {
            Files.createSymbolicLink(project.resolve(name), to);
        }
    }

    private static void makeTree(Path directory, Random random, int depth) throws IOException {
        for (String name : List.of("a", "b", "ab", ".h", "x-1", "ä")) {
            if (depth < 3 && random.nextInt(3) == 0) {
                makeTree(Files.createDirectory(directory.resolve(name)), random, depth + 1);
            }
        }
        for (String name : List.of("a.rb", "b.rb", "ab.rb", ".h.rb", "a[1].rb", "{c}.rb", "ü.py", "a_spec.rb", "*")) {
            if (random.nextBoolean()) {
                Files.writeString(directory.resolve(name), "");
            }
        }
    }

    private static String randomGlob(Random random) {
        String[] parts = {
            "**",
            "*",
            "a",
            "b",
            "?",
            "a*",
            "*b",
            "{a,b}",
            "{ab,?}",
            "[ab]",
            "[!a]*",
            ".h",
            ".*",
            "link",
            "up",
            "x-[0-9]",
            "[^x]",
            "a**",
            "**b",
            "ä",
            "{a,{b,ab}}"
        };
        String[] ends = {
            "*",
            "*.rb",
            "a.rb",
            "?.rb",
            "{a,b}.rb",
            "[a-b].rb",
            "*.{rb,py}",
            ".*.rb",
            "a\\[1\\].rb",
            "a[[]1].rb",
            "b*",
            "*_spec.rb",
            "?.py",
            "\\*",
            "{,a}b.rb",
            "[!a].rb",
            "*[b].rb",
            "ü.py",
            "\\{c\\}.rb"
        };
        StringBuilder glob = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            glob.append(parts[random.nextInt(parts.length)]).append('/');
        }
        return glob.append(ends[random.nextInt(ends.length)]).toString();
    }

    private List<TreeSet<String>> rubysDirGlob(List<String> globs) throws Exception {
        String script = "STDIN.each_line(chomp: true) { |g| Dir.glob(g).select { |f| File.file?(f) }"
                + ".each { |f| puts f }; puts '//' }";
        ProcessBuilder builder = new ProcessBuilder(RUBY.toString(), "-Eutf-8:utf-8", "-e", script);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.directory(project.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = process.getOutputStream()) {
            in.write((String.join("\n", globs) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        List<TreeSet<String>> all = new ArrayList<>(List.of(new TreeSet<>()));
        for (String line : new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            if (line.equals("//")) {
                all.add(new TreeSet<>());
            } else if (!List.of(line.split("/")).contains(".")) { // to Ruby, .* is the directory itself, too
                all.get(all.size() - 1).add(line);
            }
        }
        assertThat(process.waitFor()).isZero();
        return all;
    }
}
