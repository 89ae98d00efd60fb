package io.jenkins.plugins.distributedtest.mavenextension;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Properties;
import javax.inject.Inject;
import javax.inject.Named;
import javax.inject.Singleton;
import org.apache.maven.eventspy.AbstractEventSpy;
import org.apache.maven.execution.ExecutionEvent;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.ProjectDependenciesResolver;
import org.apache.maven.toolchain.ToolchainManager;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.eclipse.aether.RepositorySystem;

/**
 * Tells what {@code mvn verify} would test, from inside of a build that goes no further than {@code process-test-classes}
 * or, where tests need its archives, {@code package}.
 *
 * <p>The story: {@code mvn -Dmaven.ext.class.path=THIS -Ddistributedtest.plan=FILE PHASE}. On the way Surefire is told to
 * skip its tests. When a module is built, its plan up to {@code verify} is asked for, each execution of Surefire and
 * Failsafe in it is written down with its resolved configuration and the module's test class path, and at the end all goes
 * into FILE, a properties file: {@code count}, and for each execution {@code N.KEY} or, for lists, {@code N.KEY.0},
 * {@code N.KEY.1}, ….
 *
 * <p>For Maven 3.8 and 3.9, on Java 8 and later.
 */
@Named("distributed-test-plan")
@Singleton
public final class TestPlanSpy extends AbstractEventSpy {
    private static final String GOALS = "maven-surefire-plugin:test maven-failsafe-plugin:integration-test";

    private final LifecycleExecutor lifecycles;
    private final RepositorySystem repositories;
    private final ProjectDependenciesResolver dependencies;
    private final ToolchainManager toolchains;
    private final Properties told = new Properties();
    private int count;

    /** Made by Maven. */
    @Inject
    public TestPlanSpy(
            LifecycleExecutor lifecycles,
            RepositorySystem repositories,
            ProjectDependenciesResolver dependencies,
            ToolchainManager toolchains) {
        this.lifecycles = lifecycles;
        this.repositories = repositories;
        this.dependencies = dependencies;
        this.toolchains = toolchains;
    }

    @Override
    public void onEvent(Object event) throws Exception {
        if (!(event instanceof ExecutionEvent)) {
            return;
        }
        ExecutionEvent execution = (ExecutionEvent) event;
        String file = execution.getSession().getUserProperties().getProperty("distributedtest.plan");
        if (file == null) {
            return;
        }
        if (execution.getType() == ExecutionEvent.Type.MojoStarted) {
            skip(execution.getMojoExecution());
        } else if (execution.getType() == ExecutionEvent.Type.ProjectSucceeded) {
            tell(execution.getSession(), execution.getProject());
        } else if (execution.getType() == ExecutionEvent.Type.SessionEnded) {
            write(new File(file));
        }
    }

    private static boolean isOfTests(MojoExecution mojo) {
        return "org.apache.maven.plugins".equals(mojo.getGroupId())
                && (" " + GOALS + " ").contains(" " + mojo.getArtifactId() + ":" + mojo.getGoal() + " ");
    }

    /** The event comes before Maven reads the goal's configuration; the plan that is told is a copy made anew. */
    private static void skip(MojoExecution mojo) {
        if (isOfTests(mojo) && mojo.getConfiguration() != null) {
            Xpp3Dom skip = mojo.getConfiguration().getChild("skip");
            if (skip == null) {
                skip = new Xpp3Dom("skip");
                mojo.getConfiguration().addChild(skip);
            }
            skip.setValue("true");
        }
    }

    private void tell(MavenSession session, MavenProject project) throws Exception {
        StringBuilder before = new StringBuilder();
        TestClassPath classPath = new TestClassPath(session, project, repositories, dependencies);
        List<MojoExecution> plan =
                lifecycles.calculateExecutionPlan(session, "verify").getMojoExecutions();
        String checks = coverageChecks(plan);
        for (MojoExecution mojo : plan) {
            if ("pre-integration-test".equals(mojo.getLifecyclePhase())) {
                before.append(before.length() == 0 ? "" : ", ")
                        .append(mojo.getArtifactId())
                        .append(':')
                        .append(mojo.getGoal());
            }
            if (isOfTests(mojo)) {
                String prefix = count++ + ".";
                new TestExecution(session, project, mojo, toolchains).write(told, prefix, classPath);
                told.setProperty(prefix + "preIntegrationTest", before.toString());
                told.setProperty(prefix + "coverageChecks", checks);
            }
        }
    }

    /** What judges the coverage of all tests together, once they have run. */
    private static String coverageChecks(List<MojoExecution> plan) {
        StringBuilder checks = new StringBuilder();
        for (MojoExecution mojo : plan) {
            if ("jacoco-maven-plugin".equals(mojo.getArtifactId()) && "check".equals(mojo.getGoal())) {
                checks.append(checks.length() == 0 ? "" : ", ")
                        .append("jacoco:check@")
                        .append(mojo.getExecutionId());
            }
        }
        return checks.toString();
    }

    private synchronized void write(File file) throws IOException {
        told.setProperty("count", String.valueOf(count));
        try (OutputStream out = new FileOutputStream(file)) {
            told.store(out, null);
        }
    }
}
