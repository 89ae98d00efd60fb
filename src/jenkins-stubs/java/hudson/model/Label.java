package hudson.model;

public abstract class Label extends hudson.model.Actionable implements java.lang.Comparable<hudson.model.Label> {
    public final boolean matches(hudson.model.Node a0) { throw new UnsupportedOperationException("stub"); }
    public static hudson.model.Label parseExpression(java.lang.String a0) { throw new UnsupportedOperationException("stub"); }
    Label() {}
}

// stub: hudson.model.Label matches:Node parseExpression
