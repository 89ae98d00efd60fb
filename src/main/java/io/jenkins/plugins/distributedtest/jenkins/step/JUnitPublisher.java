package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.junit.JUnitResultArchiver;
import hudson.tasks.junit.pipeline.JUnitResultsStepExecution;
import hudson.tasks.test.PipelineTestDetails;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Publishes results through the junit plugin. Only this class knows that plugin's, so that all others can be loaded
 * without it.
 */
final class JUnitPublisher {
    private JUnitPublisher() {}

    /**
     * Publishes a file of results as those of a step.
     *
     * @param file the file, on the controller, alone of its kind in its directory
     * @throws IOException if the junit plugin cannot read it or save the build
     */
    static void publish(Path file, Run<?, ?> build, FlowNode node, TaskListener listener)
            throws IOException, InterruptedException {
        List<FlowNode> blocks = JUnitResultsStepExecution.getEnclosingStagesAndParallels(node);
        PipelineTestDetails details = new PipelineTestDetails();
        details.setNodeId(node.getId());
        details.setEnclosingBlocks(JUnitResultsStepExecution.getEnclosingBlockIds(blocks));
        details.setEnclosingBlockNames(JUnitResultsStepExecution.getEnclosingBlockNames(blocks));
        JUnitResultArchiver archiver = new JUnitResultArchiver(String.valueOf(file.getFileName()));
        archiver.setAllowEmptyResults(true);
        FilePath directory = new FilePath(file.getParent().toFile());
        JUnitResultArchiver.parseAndSummarize(archiver, details, build, directory, null, listener);
    }
}
