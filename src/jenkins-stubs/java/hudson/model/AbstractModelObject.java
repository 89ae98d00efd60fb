package hudson.model;

public abstract class AbstractModelObject implements hudson.model.ModelObject {
    public AbstractModelObject() {}
}

// stub: hudson.model.AbstractModelObject s:hudson.model.ModelObject
