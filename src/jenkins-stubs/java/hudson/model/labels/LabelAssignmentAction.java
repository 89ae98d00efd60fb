package hudson.model.labels;

public interface LabelAssignmentAction extends hudson.model.Action {
    hudson.model.Label getAssignedLabel(hudson.model.queue.SubTask a0);
}

// stub: hudson.model.labels.LabelAssignmentAction -a s:hudson.model.Action
