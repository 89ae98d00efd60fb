package hudson.model.labels;

public class LabelAtom extends hudson.model.Label implements hudson.model.Saveable {
    public java.lang.String getExpression() {
        throw new UnsupportedOperationException("stub");
    }

    public void save() throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }

    public static java.lang.String escape(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    LabelAtom() {
        super((java.lang.String) null);
    }
}

// stub: hudson.model.labels.LabelAtom escape getExpression getName s:hudson.model.Label save
