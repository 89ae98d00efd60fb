package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.session.FrontDoor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command {@code run}, in this process. */
public final class CommandDoor implements FrontDoor {
    @Override
    public Outcome run(Path project, BrokerAddress broker, Path runtimes, Path work) throws Exception {
        Path history = Files.copy(runtimes, work.resolve("runtimes.json"));
        Path reports = work.resolve("out");
        StringWriter out = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(
                        "run",
                        "-C",
                        project.toString(),
                        "--broker",
                        broker.toSecretUri(),
                        "--no-progress",
                        "--runtime-file",
                        history.toString(),
                        "--failed-file",
                        work.resolve("failed-files.json").toString(),
                        "--junit",
                        reports.resolve("junit.xml").toString(),
                        "--html",
                        reports.resolve("report.html").toString(),
                        "--json",
                        reports.resolve("report.json").toString());
        return new Outcome(
                out.toString().lines().toList(),
                "exit code " + exitCode,
                reports.resolve("junit.xml"),
                reports.resolve("report.html"),
                reports.resolve("report.json"),
                history);
    }
}
