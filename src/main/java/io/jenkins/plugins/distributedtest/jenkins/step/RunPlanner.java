package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.broker.ResolvedBroker;
import io.jenkins.plugins.distributedtest.jenkins.build.FailedAgain;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.jenkins.zuul.ZuulSources;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.session.RunPlan;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.wire.RunKey;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Plans a run: reads the project on the agent, and puts together with it what the controller knows. Blocks. */
final class RunPlanner {
    private final StepPlace place;
    private final StepParameters parameters;
    private final String node;
    private final String remote;
    private final SavedRun saved;

    RunPlanner(StepPlace place, StepParameters parameters, String node, String remote, SavedRun saved) {
        this.place = place;
        this.parameters = parameters;
        this.node = node;
        this.remote = remote;
        this.saved = saved;
    }

    /** Where to connect, and which cluster is meant unless somebody says another. */
    private record Broker(BrokerAddress address, String cluster, boolean projectsOwn, String words) {}

    /**
     * Plans a run.
     *
     * @return null if nothing is to be run, since nothing had failed or the project passes without tests
     * @throws AbortException if what is configured is wrong, or there is no suite or no broker; says the way out
     */
    StepPlan plan(FilePath workspace) throws IOException, InterruptedException {
        List<String> failed = failed();
        RemoteProject remoteProject = RemoteProject.fromJson(workspace.act(new AgentWork.ReadProject(request(failed))));
        String title = Objects.requireNonNullElseGet(parameters.title, place::enclosingTitle);
        ProjectRun project =
                remoteProject.run().withVariables(place.variables()).withQuarantine(place.marked(title));
        project.warnings().forEach(warning -> say("Warning: " + warning));
        if (project.files().isEmpty()) {
            say("Nothing to run: " + nothing(failed));
            return null;
        }
        RunKey key = place.secrets().names().isEmpty() ? null : RunKey.create();
        if (key != null) {
            project = place.secrets().sealed(project, key);
            say(place.secrets().sentence());
        }
        Broker broker = broker(remoteProject);
        AgentWorkspace callbacks = new AgentWorkspace(node, remote, "", project.settings(), place.environment(), saved);
        RunPlan run = project.inClusterUnlessSaid(broker.cluster())
                .plan(broker.address(), history(), name -> callbacks.callback(workspace, name));
        say(run.sentence(broker.words()));
        int quarantined = run.settings().quarantine().entries().size();
        if (quarantined > 0) {
            say("In quarantine: " + quarantined + (quarantined == 1 ? " test" : " tests")
                    + ". What fails of it is reported, but makes neither stage nor build unstable.");
        }
        return new StepPlan(
                run,
                key,
                parameters.broker,
                broker.projectsOwn(),
                title,
                remoteProject.directory(),
                remoteProject.reports(),
                BuildVariant.tested(place.build(), remoteProject.revision()));
    }

    private String nothing(List<String> failed) {
        if (failed == null) {
            return "there are no tests.";
        }
        Integer again = FailedAgain.of(place.build());
        return "none of these test files failed in " + (again == null ? "the last build." : "#" + again + ".");
    }

    private void say(String line) {
        place.listener().getLogger().println(line);
    }

    private ProjectRequest request(List<String> failed) {
        StepOptions under =
                StepParameters.under(DistributedTestConfiguration.get().getDefaults(), place.jobName());
        if (parameters.git) {
            // A build that Zuul asked for is about what Zuul has merged, unless somebody says otherwise.
            ZuulSources.of(place.build(), place.environment())
                    .ifPresent(sources -> under.text("gitUrl", "job.sync.git_url", sources.url())
                            .text("gitRef", "job.sync.git_ref", sources.ref()));
        }
        return new ProjectRequest(
                parameters.options,
                under,
                parameters.config,
                new StepSuite(parameters.list, failed),
                place.environment());
    }

    /** What failed the last time; null to run all files, since that is wanted or nothing is recorded. */
    private List<String> failed() throws IOException {
        Integer again = FailedAgain.of(place.build());
        if (again == null && !parameters.onlyFailed) {
            return null;
        }
        try {
            if (again != null) {
                return failedIn(again);
            }
            List<TestFile> failed = place.failedBefore();
            if (failed == null) {
                say("onlyFailed: no earlier build of this job has recorded what failed, so the whole suite runs.");
                return null;
            }
            return failed.stream().map(TestFile::path).toList();
        } catch (SuiteException e) {
            throw new AbortException(e.getMessage());
        }
    }

    private List<String> failedIn(int build) throws SuiteException, IOException {
        List<TestFile> failed = JobRecords.failed(place.directoryOf(build));
        if (failed == null) {
            throw new AbortException("What failed in #" + build
                    + " is not known any more, as after its build was deleted: run the whole suite");
        }
        say("Only what failed in #" + build + " is run, as its page was asked for.");
        return failed.stream().map(TestFile::path).toList();
    }

    private RuntimeHistory history() throws IOException {
        try {
            return place.history(parameters.history);
        } catch (SuiteException e) {
            throw new AbortException(e.getMessage());
        }
    }

    private Broker broker(RemoteProject project) throws AbortException, InterruptedException {
        BrokerAddress own = project.brokerAddress();
        if (parameters.broker == null && own != null) {
            return new Broker(own, null, true, own + " (as the project says)");
        }
        ResolvedBroker resolved = StepBroker.resolve(parameters.broker);
        return new Broker(
                resolved.address(),
                resolved.cluster(),
                false,
                "broker " + resolved.displayName() + " (" + resolved.address() + ")");
    }
}
