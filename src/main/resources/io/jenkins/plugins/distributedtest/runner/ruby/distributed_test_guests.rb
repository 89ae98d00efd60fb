# frozen_string_literal: true

module DistributedTest
  # Tests that a file defines for another framework than that of its runner: which one a file belongs to is decided by
  # what it defines when it is loaded, not by its name. They run with their own framework, after the file's other tests.
  #
  # Where that framework was asked to run at the end of the process (`require 'minitest/autorun'`, 'test/unit',
  # 'rspec/autorun'), the plain command runs all that was defined, by helpers and libraries, too. Where it was not, what
  # a library defines is none of the file's tests.
  class Guests
    NAMES = {
      'rspec' => ['distributed_test_rspec', :RSpecAdapter, -> { defined?(RSpec::Core::World) }],
      'minitest' => ['distributed_test_minitest', :MinitestAdapter, -> { defined?(Minitest::Runnable) }],
      'test-unit' => ['distributed_test_test_unit', :TestUnitAdapter, -> { defined?(Test::Unit::TestCase) }]
    }.freeze
    ASKED = {
      'rspec' => -> { RSpec::Core::Runner.installed_at_exit? },
      'minitest' => -> { Minitest.class_variable_get(:@@installed_at_exit) },
      'test-unit' => -> { $LOADED_FEATURES.any? { |each| each.end_with?('/test/unit.rb') } }
    }.freeze

    # @param host the name of the runner's own framework
    def initialize(host)
      @others = NAMES.reject { |name, _| name == host }
      @adapters = {}
      @asked = {}
    end

    # Runs what was defined for other frameworks since the last call.
    #
    # @param written whether only what is written in the file, since others were loaded as well
    def run(path, recorder, written = false)
      @others.each do |name, (_, _, loaded)|
        next unless loaded.call

        everything = asked?(name) && !written
        adapter(name).run_defined(path, everything, recorder)
      end
    end

    # Forgets what was defined until now, such as base classes of helpers.
    def forget
      @others.each { |name, (_, _, loaded)| adapter(name).forget_defined if loaded.call }
    end

    private

    # Asked before its adapter loads the framework, which may look the same.
    def asked?(name)
      return @asked[name] if @asked[name] || @adapters[name]

      @asked[name] = ASKED.fetch(name).call
    end

    def adapter(name)
      @adapters[name] ||= begin
        file, type = @others.fetch(name)
        require_relative file
        DistributedTest.const_get(type).new.tap(&:adopt)
      end
    end
  end
end
