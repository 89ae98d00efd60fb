package hudson.model;

public abstract class Label extends hudson.model.Actionable implements java.lang.Comparable<hudson.model.Label> {
    public final transient hudson.slaves.NodeProvisioner nodeProvisioner = null;

    protected Label(java.lang.String a0) {}

    public final java.lang.String getName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public abstract java.lang.String getExpression();

    public final boolean matches(hudson.model.Node a0) {
        throw new UnsupportedOperationException("stub");
    }

    public java.util.Set<hudson.model.labels.LabelAtom> listAtoms() {
        throw new UnsupportedOperationException("stub");
    }

    public final int compareTo(hudson.model.Label a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.model.Label get(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.model.Label parseExpression(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.Label <init>/1 compareTo:Label get getDisplayName getExpression getName listAtoms matches:Node
// parseExpression s:hudson.model.Actionable
