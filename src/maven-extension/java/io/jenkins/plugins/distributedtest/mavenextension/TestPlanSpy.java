package io.jenkins.plugins.distributedtest.mavenextension;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
import org.eclipse.aether.RepositorySystem;

/**
 * Tells what {@code mvn verify} would test, from inside of a build that goes no further than {@code test-compile}.
 *
 * <p>The story: {@code mvn -Dmaven.ext.class.path=THIS -Ddistributedtest.plan=FILE test-compile}. When a module is built,
 * its plan up to {@code verify} is asked for, each execution of Surefire and Failsafe in it is written down with its
 * resolved configuration and the module's test class path, and at the end all goes into FILE, a properties file:
 * {@code count}, and for each execution {@code N.KEY} or, for lists, {@code N.KEY.0}, {@code N.KEY.1}, ….
 *
 * <p>For Maven 3.8 and 3.9, on Java 8 and later.
 */
@Named("distributed-test-plan")
@Singleton
public final class TestPlanSpy extends AbstractEventSpy {
    private static final String GOALS = "maven-surefire-plugin:test maven-failsafe-plugin:integration-test";

    private final LifecycleExecutor lifecycles;
    private final RepositorySystem repositories;
    private final Properties told = new Properties();
    private int count;

    /** Made by Maven. */
    @Inject
    public TestPlanSpy(LifecycleExecutor lifecycles, RepositorySystem repositories) {
        this.lifecycles = lifecycles;
        this.repositories = repositories;
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
        if (execution.getType() == ExecutionEvent.Type.ProjectSucceeded) {
            tell(execution.getSession(), execution.getProject());
        } else if (execution.getType() == ExecutionEvent.Type.SessionEnded) {
            write(new File(file));
        }
    }

    private void tell(MavenSession session, MavenProject project) throws Exception {
        for (MojoExecution mojo :
                lifecycles.calculateExecutionPlan(session, "verify").getMojoExecutions()) {
            boolean tests = "org.apache.maven.plugins".equals(mojo.getGroupId())
                    && (" " + GOALS + " ").contains(" " + mojo.getArtifactId() + ":" + mojo.getGoal() + " ");
            if (tests) {
                new TestExecution(session, project, mojo, repositories).write(told, count++ + ".");
            }
        }
    }

    private synchronized void write(File file) throws IOException {
        told.setProperty("count", String.valueOf(count));
        try (OutputStream out = new FileOutputStream(file)) {
            told.store(out, null);
        }
    }
}
