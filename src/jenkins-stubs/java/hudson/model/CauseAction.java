package hudson.model;

public class CauseAction implements jenkins.model.RunAction2, hudson.model.Action {
    public CauseAction(hudson.model.Cause a0) {}

    public CauseAction(hudson.model.Cause... a0) {}

    public CauseAction(java.util.Collection<? extends hudson.model.Cause> a0) {}

    public CauseAction(hudson.model.CauseAction a0) {}

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getIconFileName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getUrlName() {
        throw new UnsupportedOperationException("stub");
    }

    public void onLoad(hudson.model.Run<?, ?> a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onAttached(hudson.model.Run<?, ?> a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.CauseAction <init> getDisplayName getIconFileName getUrlName onAttached onLoad
// s:hudson.model.Action
