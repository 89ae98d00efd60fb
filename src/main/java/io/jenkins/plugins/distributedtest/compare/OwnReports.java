package io.jenkins.plugins.distributedtest.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.files.GlobWalk;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.runner.GoTestEvents;
import io.jenkins.plugins.distributedtest.runner.JUnitXmlReader;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the reports of a command of the project's own. What lies there comes from test code: only regular files are opened. */
final class OwnReports {
    private static final ObjectMapper BOUNDED = Json.bounded(50).build();
    private static final long MAX_BYTES = 1L << 30;
    /** What RSpec says of a file that does not load. */
    private static final Pattern CLASS_REPORT = Pattern.compile("TEST-(.+)\\.xml");

    private static final Pattern QUALIFIED =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(?:\\.[\\p{L}\\p{N}_$]+)+(?:\\[\\d+])?.*");
    private static final Pattern WHILE_LOADING = Pattern.compile("while loading (\\S+?)\\.\\s");

    private final OwnCommand command;
    private final CaseFiles files;
    private final List<ComparedCase> cases = new ArrayList<>();
    private String lastBad = "";

    private OwnReports(OwnCommand command, CaseFiles files) {
        this.command = command;
        this.files = files;
    }

    /**
     * Reads what a command has reported.
     *
     * @param command the command
     * @param files tells the files of cases
     * @param begin when it began: what is older is not of this time
     * @return the cases; null if there is no report
     * @throws IOException if a report cannot be read; the message names it
     */
    static List<ComparedCase> read(OwnCommand command, CaseFiles files, FileTime begin) throws IOException {
        OwnReports reports = new OwnReports(command, files);
        boolean any = false;
        for (Path file : places(command)) {
            boolean fresh = command.report().file() != null || isFresh(file, begin);
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && fresh) {
                reports.read(file);
                any = true;
            }
        }
        return any ? reports.cases : null;
    }

    /** Times of files may be as coarse as a second. */
    private static boolean isFresh(Path file, FileTime begin) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() >= begin.toMillis() - 1000;
    }

    private static List<Path> places(OwnCommand command) throws IOException {
        if (command.report().file() != null) {
            return List.of(command.report().file());
        }
        List<Glob> globs = command.report().globs().stream().map(Glob::parse).toList();
        TreeSet<String> found = new TreeSet<>();
        GlobWalk.of(command.directory(), globs).found().forEach(found::addAll);
        return found.stream().map(command.directory()::resolve).toList();
    }

    private void read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("The report " + file + " is longer than " + (MAX_BYTES >> 20) + " MiB");
        }
        try {
            switch (command.report().form()) {
                case JUNIT -> JUnitXmlReader.read(file, MAX_BYTES, read -> ofXml(read, ofClass(file)));
                case RSPEC -> {
                    try (InputStream in = PlainFile.open(file)) {
                        ofRspec(BOUNDED.readTree(in));
                    }
                }
                case LINES -> ofLines(file);
                case GO -> ofGo(file);
            }
        } catch (IOException e) {
            throw new IOException("The report " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The class that a build's report is of; empty for other reports. */
    private String ofClass(Path file) {
        Matcher name = CLASS_REPORT.matcher(file.getFileName().toString());
        return command.runner().equals("junit") && name.matches() ? name.group(1) : "";
    }

    private void ofXml(TestCase read, String reported) {
        // A case without a class gets the name of the suite.
        boolean ofFile = command.runner().equals("pytest") && read.className().equals(OwnCommands.PYTEST_SUITE);
        String group = ofFile ? read.name() : read.className();
        // Surefire writes a display name where JUnit has one, and what an engine calls a group of its own.
        if (reported.contains(".") && !QUALIFIED.matcher(group).matches()) {
            group = reported;
        }
        if (isToldAgain(group, read)) {
            return;
        }
        String message = read.failure() == null ? "" : read.failure().message();
        add(null, group, ofFile ? CaseFiles.WHOLE : read.name(), read.status(), message);
    }

    /** pytest tells of a test twice when it fails and then its tear-down fails, too. */
    private boolean isToldAgain(String group, TestCase read) {
        String bad = read.status().isBad() ? group + "\0" + read.name() : "";
        boolean again = command.runner().equals("pytest") && !bad.isEmpty() && bad.equals(lastBad);
        lastBad = bad;
        return again;
    }

    private void ofRspec(JsonNode report) {
        for (JsonNode example : report.path("examples")) {
            String id = example.path("id").asText("");
            String file = id.contains("[") ? id.substring(0, id.lastIndexOf('[')) : text(example, "file_path");
            String status = text(example, "status");
            String message = example.path("exception").path("message").asText("");
            add(file, "", fullName(example), rspecStatus(status), message);
        }
        for (JsonNode message : report.path("messages")) {
            Matcher loading = WHILE_LOADING.matcher(message.asText() + " ");
            while (loading.find()) {
                add(
                        loading.group(1),
                        "",
                        CaseFiles.WHOLE,
                        CaseStatus.ERROR,
                        message.asText().strip());
            }
        }
    }

    /** An example without a description is described by its place, once it has failed. */
    private static String fullName(JsonNode example) {
        String full = text(example, "full_description");
        String description = text(example, "description");
        return full.endsWith(description) ? full : full + " " + description;
    }

    private static CaseStatus rspecStatus(String status) {
        return switch (status) {
            case "passed" -> CaseStatus.PASSED;
            case "pending" -> CaseStatus.SKIPPED;
            default -> CaseStatus.FAILED;
        };
    }

    private void ofLines(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode told = BOUNDED.readTree(line);
                CaseStatus status = switch (text(told, "status")) {
                    case "passed" -> CaseStatus.PASSED;
                    case "skipped" -> CaseStatus.SKIPPED;
                    default -> CaseStatus.FAILED;
                };
                add(text(told, "file"), text(told, "group"), text(told, "name"), status, text(told, "message"));
            }
        }
    }

    private void ofGo(Path file) throws IOException {
        GoUnits units = GoUnits.of(command.directory());
        GoTestEvents events = new GoTestEvents(
                each -> add(
                        units.unit(each.className()),
                        each.className(),
                        each.name(),
                        each.status(),
                        each.failure() == null ? "" : each.failure().message()),
                printed -> {});
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events.line(line);
            }
        }
        events.settle();
        for (String each : events.failedAlone()) {
            String unit = units.unit(each);
            if (unit == null) {
                continue; // of a package of others, which those that need it cannot be built without
            }
            add(unit, each, CaseFiles.WHOLE, CaseStatus.ERROR, events.outside());
        }
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).isNull() ? "" : node.path(key).asText("");
    }

    private void add(String file, String group, String name, CaseStatus status, String message) {
        ComparedCase told = new ComparedCase(command.runner(), null, group, name, status, message);
        cases.add(files.settled(command, told, file));
    }
}
