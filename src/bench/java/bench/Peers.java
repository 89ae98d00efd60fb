package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What each framework's users run today. */
final class Peers {
    private final Path project;
    private final int slots;

    Peers(Path project, int slots) {
        this.project = project;
        this.slots = slots;
    }

    /** The peers of a framework, plain first. */
    List<Side> of(Framework framework) throws IOException {
        return switch (framework) {
            case RSPEC ->
                List.of(side(
                        "rspec",
                        List.of("rspec", "--version"),
                        project.resolve("peer.json"),
                        Outcomes::rspec,
                        "rspec",
                        "--format",
                        "json",
                        "--out",
                        "peer.json"));
            case MINITEST ->
                List.of(side(
                        "minitest",
                        List.of("ruby", "-e", "require 'minitest'"),
                        null,
                        Outcomes::minitest,
                        "ruby",
                        "-Itest",
                        "-e",
                        "Dir['test/**/*_test.rb'].sort.each { |file| require File.expand_path(file) }",
                        "--",
                        "-v"));
            case PYTEST ->
                List.of(
                        pytest("pytest"),
                        pytest("pytest-xdist", "-n", String.valueOf(slots)),
                        pytest("pytest-xdist worksteal", "-n", String.valueOf(slots), "--dist", "worksteal"));
            case NODE -> List.of(node());
            case JEST ->
                List.of(side(
                        "jest -w " + slots,
                        List.of(
                                "test",
                                "-f",
                                project.resolve("node_modules/jest/bin/jest.js").toString()),
                        project.resolve("peer.json"),
                        Outcomes::jest,
                        "node",
                        "node_modules/jest/bin/jest.js",
                        "--json",
                        "--outputFile=peer.json",
                        "-w",
                        String.valueOf(slots)));
            case JUNIT -> List.of(surefire(1), surefire(slots));
        };
    }

    private Side pytest(String name, String... more) {
        List<String> command = new ArrayList<>(
                List.of("python3", "-m", "pytest", "-q", "--junitxml=peer.xml", "-p", "no:cacheprovider"));
        command.addAll(List.of(more));
        return new Side(
                name, command, List.of("python3", "-c", probe(more)), project.resolve("peer.xml"), Outcomes::xml);
    }

    /** A program that fails where pytest or, for options of its, pytest-xdist is not there; {@code worksteal} came with 3.2. */
    private static String probe(String... options) {
        return options.length == 0
                ? "import pytest"
                : "import xdist, sys; sys.exit(tuple(map(int, xdist.__version__.split('.')[:2])) < "
                        + (List.of(options).contains("worksteal") ? "(3, 2))" : "(1, 0))");
    }

    private Side node() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "node",
                "--test",
                "--test-concurrency=" + slots,
                "--test-reporter=junit",
                "--test-reporter-destination=peer.xml"));
        try (Stream<Path> files = Files.list(project.resolve("test"))) {
            files.map(file -> project.relativize(file).toString()).sorted().forEach(command::add);
        }
        return new Side(
                "node --test --test-concurrency=" + slots,
                command,
                List.of("node", "--version"),
                project.resolve("peer.xml"),
                Outcomes::xml);
    }

    private Side surefire(int forks) {
        return side(
                "Surefire forkCount=" + forks,
                List.of("mvn", "--version"),
                project.resolve("target/surefire-reports"),
                Outcomes::xml,
                "mvn",
                "-o",
                "-q",
                "-B",
                "test",
                "-DforkCount=" + forks);
    }

    private static Side side(String name, List<String> probe, Path left, Side.Reading reading, String... command) {
        return new Side(name, List.of(command), probe, left, reading);
    }
}
