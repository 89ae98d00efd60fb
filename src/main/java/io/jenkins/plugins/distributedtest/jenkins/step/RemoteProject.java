package io.jenkins.plugins.distributedtest.jenkins.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.session.ReportTargets;
import io.jenkins.plugins.distributedtest.session.SourceRevision;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What the machine where the workspace is knows after reading the project: everything that a run is made from, but for
 * the sources. Comes to the controller as JSON, whose types are checked there.
 *
 * @param directory the workspace, as that machine names it
 * @param settings the run's settings, as {@link RunSettings#toJson} writes them
 * @param files the suite's files in their order
 * @param warnings for people, a line each
 * @param configFiles names of the configuration files that were read
 * @param broker the URI of the broker that the project names, <em>with its password</em>; null if it names none
 * @param reports where to write reports on that machine
 * @param revision which sources the workspace has
 */
record RemoteProject(
        String directory,
        byte[] settings,
        List<String> files,
        List<String> warnings,
        List<String> configFiles,
        String broker,
        ReportTargets reports,
        SourceRevision revision) {
    private static final List<String> BROKER_KEYS =
            List.of("connection.host", "connection.port", "connection.vhost", "connection.username");
    private static final List<String> FILE_KEYS =
            List.of("connection.tls_ca_certificates", "connection.tls_cert", "connection.tls_key");

    /**
     * Reads a project, on the machine where it is.
     *
     * @param directory the project's directory
     * @throws ConfigException if what is configured is wrong
     * @throws SuiteException if there is no suite
     * @throws RunnerException if a file has no runner
     * @throws IOException if the file system fails
     */
    static RemoteProject read(Path directory, ProjectRequest request)
            throws ConfigException, SuiteException, RunnerException, IOException, InterruptedException {
        Configuration configuration = Configuration.load(
                directory,
                request.configFile == null ? null : Path.of(request.configFile),
                Configuration.Role.ORIGINATOR,
                request.variables,
                List.of());
        String broker = broker(configuration);
        request.options.applyOver(configuration);
        request.defaults.applyUnder(configuration);
        RunConfiguration run = RunConfiguration.from(configuration);
        ReportTargets reports = ReportTargets.of(run);
        WorkspaceBounds bounds = WorkspaceBounds.of(run.directory(), request.workspace);
        bounds.hold(reports);
        bounds.hold(
                "quarantine", run.quarantine() == null ? null : run.quarantine().toString());
        ProjectRun project = ProjectRun.read(configuration, run, request.suite);
        return new RemoteProject(
                run.directory().toString(),
                project.settings().toJson(),
                project.files().stream().map(TestFile::path).toList(),
                project.warnings(),
                configuration.files(),
                broker,
                reports,
                SourceRevision.of(run.directory().toRealPath(), bounds.root()));
    }

    /** The connection is made by the controller, on which a project must not name files. */
    private static String broker(Configuration configuration) throws ConfigException {
        if (BROKER_KEYS.stream().noneMatch(configuration::isSet)) {
            return null;
        }
        for (String key : FILE_KEYS) {
            if (configuration.isSet(key)) {
                throw new ConfigException(key + " names a file, but it is the Jenkins controller that connects to the"
                        + " broker: configure the broker in Manage Jenkins, System, Distributed tests, and name it in"
                        + " the step with broker; or use connection.tls_fingerprint");
            }
        }
        return configuration.broker().toSecretUri();
    }

    /** As JSON in UTF-8. */
    byte[] toJson() {
        try {
            return Json.PLAIN.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * From its JSON.
     *
     * @throws WireException if it is none, or what it holds is not what it should be
     */
    static RemoteProject fromJson(byte[] json) throws WireException {
        try {
            RemoteProject project = Json.PLAIN.readValue(json, RemoteProject.class);
            project.run();
            project.brokerAddress();
            Objects.requireNonNull(project.reports(), "reports");
            Objects.requireNonNull(project.revision(), "revision");
            return project;
        } catch (WireException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new WireException("Not what is known of a project", e);
        }
    }

    /** The project, as the room {@code session} has it. */
    ProjectRun run() throws WireException {
        return new ProjectRun(
                RunSettings.fromJson(settings),
                files.stream().map(TestFile::new).toList(),
                warnings);
    }

    /** The broker that the project names; null if it names none. */
    BrokerAddress brokerAddress() {
        return broker == null ? null : BrokerAddress.parse(broker);
    }

    /** Leaves the broker's password out. */
    @Override
    public String toString() {
        return "project of " + files.size() + " files in " + directory;
    }
}
