package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.SHELL;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.job;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.tasks.junit.SuiteResult;
import hudson.tasks.junit.TestResultAction;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step in declarative pipelines. */
@WithJenkins
class DeclarativeTest {
    private JenkinsRule jenkins;
    private StepWorld world;

    @TempDir
    private Path directory;

    @BeforeEach
    void prepare(JenkinsRule rule) {
        jenkins = rule;
        world = new StepWorld(directory);
        world.configure();
    }

    @AfterEach
    void leave() {
        world.close();
    }

    @Test
    void aStageRunsItsTestsOnAnAgentAndTheNextOneUsesTheResult() throws Exception {
        world.listen(2);
        jenkins.createSlave("remote", "remote", null);
        WorkflowRun build =
                jenkins.buildAndAssertStatus(Result.UNSTABLE, job(jenkins, "declarative", """
                pipeline {
                  agent { label 'remote' }
                  stages {
                    stage('Sources') {
                      steps {
                        writeFile file: 't/good.sh', text: 'exit 0'
                        writeFile file: 't/bad.sh', text: 'exit 1'
                      }
                    }
                    stage('Specs') {
                      steps {
                        distributedTest files: ['t/*'], SHELL
                      }
                      post {
                        unstable { echo 'SPECS ARE UNSTABLE' }
                      }
                    }
                    stage('Some specs') {
                      steps {
                        script {
                          def r = distributedTest files: ['t/*'], exclude: ['t/bad.sh'], SHELL
                          echo "RESULT passed=${r.passed} failed=${r.failed} green=${r.green}"
                        }
                      }
                    }
                  }
                  post {
                    unstable { echo 'THE BUILD IS UNSTABLE' }
                  }
                }
                """.replace("SHELL", SHELL)));
        jenkins.assertLogContains("SPECS ARE UNSTABLE", build);
        jenkins.assertLogContains("RESULT passed=1 failed=0 green=true", build);
        jenkins.assertLogContains("THE BUILD IS UNSTABLE", build);
        TestResultAction results = build.getAction(TestResultAction.class);
        assertThat(results.getTotalCount()).isEqualTo(3);
        assertThat(results.getFailCount()).isEqualTo(1);
        assertThat(results.getResult().getSuites())
                .flatExtracting(SuiteResult::getEnclosingBlockNames)
                .containsExactlyInAnyOrder("Specs", "Specs", "Some specs");
    }

    @Test
    void theEnvironmentOfAPipelineReachesTests() throws Exception {
        world.listen(1);
        WorkflowRun build = jenkins.buildAndAssertSuccess(job(jenkins, "environment", """
                pipeline {
                  agent any
                  environment { COLOUR = 'blue' }
                  stages {
                    stage('Specs') {
                      environment { SHAPE = 'round' }
                      steps {
                        writeFile file: 't/a.sh', text: 'test "$COLOUR $SHAPE" = "blue round"'
                        distributedTest files: ['t/*'], SHELL
                      }
                    }
                  }
                }
                """.replace("SHELL", SHELL)));
        jenkins.assertLogContains("1 passed", build);
    }

    @Test
    void anOptionThatDoesNotExistIsSaidBeforeTheBuildBegins() throws Exception {
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job(jenkins, "wrong", """
                pipeline {
                  agent any
                  stages {
                    stage('Specs') {
                      steps {
                        echo 'BEGUN'
                        distributedTest file: ['t/*']
                      }
                    }
                  }
                }
                """));
        jenkins.assertLogContains("Invalid parameter \"file\", did you mean \"files\"?", build);
        jenkins.assertLogNotContains("BEGUN\n", build);
    }
}
