package io.jenkins.plugins.distributedtest.zuul.task;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.session.FrontDoor;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A job of the kind distributed of the standalone executor, which Zuul asks for. */
public final class ZuulDoor implements FrontDoor {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @Override
    public Outcome run(Path project, BrokerAddress broker, Path runtimes, Path work) throws Exception {
        int port = FreePorts.next();
        try (GearServerStandIn gearman = new GearServerStandIn(port);
                ZuulStandIn zuul = new ZuulStandIn(port);
                Standalone executor = Standalone.start(
                        port,
                        work.resolve("executor"),
                        "jobs: [{name: suite, kind: distributed, broker: '" + broker.toSecretUri() + "'}]\n")) {
            Path history = executor.settings.directories().kept().resolve("runtimes/suite.json");
            Files.createDirectories(history.getParent());
            Files.copy(runtimes, history);
            Map<String, String> change = change(project, work);
            ZuulStandIn.Build build = zuul.build("suite", change);
            await().atMost(LIMIT).until(() -> build.result() != null);
            Path logs = executor.logs(change.get("LOG_PATH"));
            List<String> told = Files.readAllLines(logs.resolve("distributed.log")).stream()
                    .map(line -> line.replaceFirst("^\\S+ \\S+ ?", ""))
                    .toList();
            return new Outcome(
                    told,
                    build.result(),
                    logs.resolve("junit.xml"),
                    logs.resolve("report.html"),
                    logs.resolve("report.json"),
                    history);
        }
    }

    private static Map<String, String> change(Path project, Path work) throws Exception {
        GitServer git = new GitServer(work.resolve("merger"));
        GitServer.git(git.copy(), "checkout", "-q", "-f", "--detach", "master");
        try (Stream<Path> tree = Files.walk(project)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                Path target = git.copy().resolve(project.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        return git.change("a suite");
    }
}
