package hudson.model;

public class ParametersAction
        implements jenkins.model.RunAction2,
                java.lang.Iterable<hudson.model.ParameterValue>,
                hudson.model.Queue.QueueAction,
                hudson.model.labels.LabelAssignmentAction,
                hudson.model.Action {
    public ParametersAction(java.util.List<hudson.model.ParameterValue> a0) {}

    public ParametersAction(
            java.util.List<hudson.model.ParameterValue> a0, java.util.Collection<java.lang.String> a1) {}

    public ParametersAction(hudson.model.ParameterValue... a0) {}

    public void buildEnvironment(hudson.model.Run<?, ?> a0, hudson.EnvVars a1) {
        throw new UnsupportedOperationException("stub");
    }

    public java.util.Iterator<hudson.model.ParameterValue> iterator() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Label getAssignedLabel(hudson.model.queue.SubTask a0) {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getIconFileName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getUrlName() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean shouldSchedule(java.util.List<hudson.model.Action> a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onAttached(hudson.model.Run<?, ?> a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onLoad(hudson.model.Run<?, ?> a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.ParametersAction <init> buildEnvironment getAssignedLabel getDisplayName getIconFileName
// getUrlName iterator onAttached onLoad s:hudson.model.Action shouldSchedule
