package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.Units;
import io.jenkins.plugins.distributedtest.originator.Ping;
import io.jenkins.plugins.distributedtest.originator.PingAnswer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test ping}: which listeners answer. */
@Command(name = "ping", description = "Lists the listeners of a cluster that answer. Exit code 3 if there is none.")
final class PingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Mixin
    private ProjectOptions project;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "4s",
            description = "How long to wait for answers; Ruby listeners look every 2 s (default: ${DEFAULT-VALUE}).")
    private String wait;

    PingCommand() {}

    @Override
    public Integer call() throws Exception {
        Configuration configuration = project.load(Configuration.Role.ORIGINATOR);
        Logging.toConsole(project.level(Level.SEVERE));
        Duration time = Units.duration(wait);
        if (time == null) {
            throw new CliException("--wait takes a duration such as 2s, not " + wait);
        }
        BrokerAddress broker = configuration.broker();
        String cluster = configuration.text("cluster_id");
        List<PingAnswer> answers = Ping.ping(broker, cluster, time);
        PrintWriter out = spec.commandLine().getOut();
        String where = broker + (cluster == null ? "" : ", cluster " + cluster);
        if (answers.isEmpty()) {
            throw new CliException("No listener answered at " + where + " within " + wait + ". Start one with: "
                    + OwnProgram.name() + " listen");
        }
        answers.forEach(answer -> out.println(describe(answer)));
        int slots = answers.stream().mapToInt(PingAnswer::slots).sum();
        out.println(answers.size()
                + (answers.size() == 1 ? " listener, " : " listeners, ")
                + slots
                + (slots == 1 ? " slot at " : " slots at ")
                + where);
        out.flush();
        return ExitCode.OK;
    }

    private static String describe(PingAnswer answer) {
        String id = answer.listener().isEmpty() ? "" : "/" + cut(answer.listener());
        String busy = answer.busy() < 0 ? "" : answer.busy() + "/";
        String slots =
                busy + answer.slots() + (answer.slots() == 1 ? " slot" : " slots") + (answer.busy() < 0 ? "" : " busy");
        String both = answer.speaksGorgon() ? "native, gorgon" : "native only";
        String dialects = answer.speaksNative() ? both : "gorgon only";
        String runners = answer.runners().isEmpty() ? "" : "  runners: " + String.join(" ", answer.runners());
        return answer.host() + id + "  version " + answer.version() + "  " + slots + "  " + dialects + runners;
    }

    private static String cut(String id) {
        return id.substring(0, Math.min(8, id.length()));
    }
}
